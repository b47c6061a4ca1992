/** Features as JUnit tests, for Maven projects that bring their own. */
@NullMarked
package dev.bringup.junit;

import org.jspecify.annotations.NullMarked;

/** Why something failed, who is to blame, and the exit code that says so. */
@NullMarked
package dev.bringup.verdict;

import org.jspecify.annotations.NullMarked;

/** The command line: one class a verb. */
@NullMarked
package dev.bringup.cli;

import org.jspecify.annotations.NullMarked;

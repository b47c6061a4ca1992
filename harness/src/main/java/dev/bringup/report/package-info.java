/**
 * What a run leaves behind for people and machines: JUnit XML, verdicts, the HTML page, lines on a
 * terminal.
 */
@NullMarked
package dev.bringup.report;

import org.jspecify.annotations.NullMarked;

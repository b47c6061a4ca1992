package dev.bringup.verdict;

import org.jspecify.annotations.Nullable;

/**
 * Something that was wrong with the lab, by itself or on purpose, while a failing step looked at
 * the board, though it was not what ended the step.
 *
 * @param rule the rule that it makes fit
 * @param what what was wrong and where, in one line
 * @param hint what to try next
 */
public record LabFault(VerdictRule rule, String what, @Nullable String hint) {}

package dev.bringup.console;

import java.time.Duration;

/**
 * What a command at a prompt did.
 *
 * @param exitCode as the shell said it
 * @param output standard output and standard error, line ends as LF, without echo and marks
 * @param verified whether length and checksum from the board prove the output; never at U-Boot,
 *     which has none to offer. If false, other lines may be among the output or parts be missing
 * @param shellExited whether the command ended its shell, which a fresh one has replaced
 * @param start the offset in the recording at which the typed line begins
 * @param end the offset behind the end mark
 * @param took from Enter to the end mark, in board time
 */
public record CommandResult(
    String command,
    int exitCode,
    String output,
    boolean verified,
    boolean shellExited,
    long start,
    long end,
    Duration took) {}

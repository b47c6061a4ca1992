/** What a machine executes, made visible: traces, counts by class, where the time goes. */
@NullMarked
package dev.bringup.emulator.trace;

import org.jspecify.annotations.NullMarked;

/**
 * Faults that are injected on purpose: what strikes, when, and what a serial line makes of its
 * bytes then. Pure and seeded; who owns a wire applies it.
 */
@NullMarked
package dev.bringup.fault;

import org.jspecify.annotations.NullMarked;

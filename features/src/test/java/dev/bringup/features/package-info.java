/** Tests of the whole: real boards, the launcher as a process, and the arrows between the rooms. */
@NullMarked
package dev.bringup.features;

import org.jspecify.annotations.NullMarked;

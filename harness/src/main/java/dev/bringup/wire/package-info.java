/** Who owns a wire: records what it says, types to it and lets others read and write. */
@NullMarked
package dev.bringup.wire;

import org.jspecify.annotations.NullMarked;

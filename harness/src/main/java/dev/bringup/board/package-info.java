/** What a board is: its file, its type, its boot stages. */
@NullMarked
package dev.bringup.board;

import org.jspecify.annotations.NullMarked;

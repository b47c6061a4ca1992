/**
 * Boot image formats (device tree, legacy uImage, arm64 Image, newc cpio, U-Boot environment) and
 * the U-Boot scripts that load and start them; pure, without files or sockets.
 */
@NullMarked
package dev.bringup.image;

import org.jspecify.annotations.NullMarked;

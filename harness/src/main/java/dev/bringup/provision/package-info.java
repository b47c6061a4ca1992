/**
 * The medium that a board starts from: which files it holds ({@link
 * dev.bringup.provision.BootMedium}), and writing them to a folder, a disk image or a card ({@link
 * dev.bringup.provision.Destination}).
 */
@NullMarked
package dev.bringup.provision;

import org.jspecify.annotations.NullMarked;

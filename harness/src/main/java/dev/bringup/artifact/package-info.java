/**
 * Boot sets and the files that they are made of: Debian packages, fetched and cached, and images.
 */
@NullMarked
package dev.bringup.artifact;

import org.jspecify.annotations.NullMarked;

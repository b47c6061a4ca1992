/** YAML files whose every value knows its line, checked against a JSON Schema. */
@NullMarked
package dev.bringup.config;

import org.jspecify.annotations.NullMarked;

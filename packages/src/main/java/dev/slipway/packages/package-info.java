/** What is this? Opens model files, packages and folders of versions, and writes their manifests. */
@NullMarked
package dev.slipway.packages;

import org.jspecify.annotations.NullMarked;

/** Models, immutable versions, settings, endpoints, aliases, history, and their artifacts. */
@NullMarked
package dev.slipway.registry;

import org.jspecify.annotations.NullMarked;

/** Fakes, generators, the leak-counting pool, and the kits of the extension points. */
@NullMarked
package dev.slipway.testing;

import org.jspecify.annotations.NullMarked;

/** Settings of the server: validated records, and where each value comes from. */
@NullMarked
package dev.slipway.server.config;

import org.jspecify.annotations.NullMarked;

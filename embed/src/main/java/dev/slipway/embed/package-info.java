/** Models in a plain Java program, without a server or a database. */
@NullMarked
package dev.slipway.embed;

import org.jspecify.annotations.NullMarked;

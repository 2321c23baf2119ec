/** A live server for tests, and the kit that every dialect must pass. */
@org.jspecify.annotations.NullMarked
package dev.slipway.server.kit;

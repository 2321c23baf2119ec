@org.jspecify.annotations.NullMarked
package dev.slipway.server.config;

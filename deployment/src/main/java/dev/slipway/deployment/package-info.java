/** From an opened package to a serving version: check, commit, publish, promote, roll back. */
@NullMarked
package dev.slipway.deployment;

import org.jspecify.annotations.NullMarked;

/** What is concurrent in serving, stressed from within its package. */
@NullMarked
package dev.slipway.serving;

import org.jspecify.annotations.NullMarked;

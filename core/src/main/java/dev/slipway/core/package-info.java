/** The words of the house: tensors, signatures, manifests, settings, requests, responses and failures. */
@NullMarked
package dev.slipway.core;

import org.jspecify.annotations.NullMarked;

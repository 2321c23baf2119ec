/** Open Inference Protocol V2 over REST and gRPC, with Triton's extensions. */
@NullMarked
package dev.slipway.protocols.openinference;

import org.jspecify.annotations.NullMarked;

/** Open Inference Protocol V2 over gRPC: raw messages in, raw messages out. */
@NullMarked
package dev.slipway.protocols.openinference.grpc;

import org.jspecify.annotations.NullMarked;

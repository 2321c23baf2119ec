/** Loads, schedules, batches and runs models; knows no protocol, no JSON and no database. */
@NullMarked
package dev.slipway.serving;

import org.jspecify.annotations.NullMarked;

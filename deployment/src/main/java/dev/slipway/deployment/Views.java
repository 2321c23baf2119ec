package dev.slipway.deployment;

import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import dev.slipway.packages.Manifests;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.VersionRecord;

/** What is desired and what is observed, side by side. */
final class Views {

    private final Fleet fleet;

    Views(Fleet fleet) {
        this.fleet = fleet;
    }

    ModelView of(ModelRecord record) {
        return new ModelView(
                record,
                record.versions().stream()
                        .map(version -> of(record.name(), version))
                        .toList());
    }

    private VersionView of(ModelName model, VersionRecord version) {
        Fleet.Standing standing = fleet.standing(model, version);
        Manifest manifest = standing.loaded() == null
                ? Manifests.read(version.manifest())
                : standing.loaded().manifest();
        Settings settings = VersionDocuments.settings(version);
        return new VersionView(version, manifest, settings, standing.state(), standing.failure(), standing.loaded());
    }
}

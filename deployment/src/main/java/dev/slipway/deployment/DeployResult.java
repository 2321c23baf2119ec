package dev.slipway.deployment;

import dev.slipway.packages.OpenedPackage.Finding;
import java.util.List;

/**
 * What a deploy has come to.
 *
 * @param created false when the newest version already had these bytes
 * @param version the version's view after the deploy; of a folder of numbered versions the highest
 * @param versions every version that the path held, ascending
 */
public record DeployResult(
        boolean created,
        ModelView model,
        VersionView version,
        List<Long> versions,
        List<Finding> findings,
        List<Check> checks) {

    /** A check of the package: what was checked, whether it holds, and the figures. */
    public record Check(String name, boolean passed, String detail) {}
}

package baton.admin;

import baton.build.BuildException;
import baton.build.Builder;
import baton.log.Log;
import baton.log.LogEvent;
import baton.registry.ArtifactStore;
import baton.registry.Registry;
import baton.registry.StoredVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Brings registry and files into agreement at start. A kill may have left a directory without a row, never a
/// row without its directory; a row without one means that somebody removed files.
final class Restoration {
    private final Registry registry;
    private final ArtifactStore store;
    private final Builder builder;
    private final Log log;

    Restoration(Registry registry, ArtifactStore store, Builder builder, Log log) {
        this.registry = registry;
        this.store = store;
        this.builder = builder;
        this.log = log;
    }

    /// The versions that can run, oldest first.
    List<StoredVersion> run() throws IOException {
        if (registry.created()) {
            registry.adopt(store.recover(log));
        }
        Registry.Versions rows = registry.versions();
        removeOrphans(rows);
        List<StoredVersion> usable = new ArrayList<>();
        for (StoredVersion row : rows.sound()) {
            if (store.holdsSource(row)) {
                upToDate(row, usable);
            } else {
                drop(row);
            }
        }
        usable.sort(Comparator.comparingLong(version -> version.id().epochSeconds()));
        return usable;
    }

    private void drop(StoredVersion row) throws IOException {
        log.error(
                LogEvent.REGISTRY_ROW_INVALID,
                "table",
                "versions",
                "key",
                row.id(),
                "reason",
                "its files are missing in " + store.directory(row.id()) + ": deploy the function again");
        registry.forget(List.of(row.id()));
        store.delete(row.id());
    }

    private void removeOrphans(Registry.Versions rows) throws IOException {
        Set<String> known = new HashSet<>(rows.damaged());
        rows.sound().forEach(version -> known.add(version.id().toString()));
        for (String name : store.removeOrphans(known)) {
            log.warn(LogEvent.REGISTRY_ORPHAN_REMOVED, "directory", name);
        }
    }

    private void upToDate(StoredVersion version, List<StoredVersion> usable) throws IOException {
        boolean current = !version.wasm() || version.compatibility().equals(builder.compatibility());
        if (current && store.holdsArtifact(version)) {
            usable.add(version);
            return;
        }
        try {
            Builder.Artifact artifact = builder.recompile(store.directory(version.id()));
            StoredVersion next = version.recompiled(artifact.sha256(), builder.compatibility());
            store.replaceMetadata(next);
            registry.update(next);
            usable.add(next);
            log.info(LogEvent.MODULE_RECOMPILED, "version", version.id(), "engine", builder.compatibility());
        } catch (BuildException e) {
            log.error(
                    LogEvent.MODULE_REJECTED,
                    "version",
                    version.id(),
                    "reason",
                    String.valueOf(e.getMessage()),
                    "detail",
                    e.detail());
        }
    }
}

package baton.engine.chicory;

import baton.engine.Engine;
import baton.engine.EngineContract;

/// The contract on Chicory.
final class ChicoryEngineTest extends EngineContract {
    @Override
    protected Engine open() {
        return new ChicoryEngine();
    }
}

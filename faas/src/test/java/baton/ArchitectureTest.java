package baton;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The house's walls: which package may know which, and what only some may touch.
class ArchitectureTest {
    private static final JavaClasses PRODUCT =
            new ClassFileImporter().importPath(Path.of(System.getProperty("basedir", ""), "target", "classes"));

    /// From the bottom up; a package may use those of its own level and below.
    private static final List<List<String>> LEVELS = List.of(
            List.of("baton.function..", "baton.config..", "baton.metrics..", "baton.posix..", "baton.log.."),
            List.of("baton.wire..", "baton.http..", "baton.engine..", "baton.host.."),
            List.of("baton.pool..", "baton.worker..", "baton.registry..", "baton.build.."),
            List.of("baton.gateway..", "baton.admin..", "baton.cli.."),
            List.of("baton"));

    private static void check(ArchRule rule) {
        rule.check(PRODUCT);
    }

    private static String[] levels(int from, int to) {
        return LEVELS.subList(from, to).stream().flatMap(List::stream).toArray(String[]::new);
    }

    @Test
    void knowsEveryPackageThatThereIs() {
        Set<String> levels = new TreeSet<>();
        LEVELS.forEach(level -> level.forEach(name -> levels.add(name.replace("..", ""))));
        Set<String> found = new TreeSet<>();
        PRODUCT.forEach(type -> found.add(type.getPackageName().replaceAll("^(baton\\.[a-z]+)\\..*", "$1")));
        assertThat(found).as("a package without a level is bound by no rule").isEqualTo(levels);
    }

    @Test
    void lowerLevelsDoNotKnowHigherOnes() {
        for (int level = 0; level < LEVELS.size() - 1; level++) {
            check(noClasses()
                    .that()
                    .resideInAnyPackage(levels(level, level + 1))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(levels(level + 1, LEVELS.size()))
                    .because("a part must be understood and tested without what is built on it"));
        }
    }

    @Test
    void hasNoCyclesBetweenParts() {
        check(slices().matching("baton.(*)..").should().beFreeOfCycles().because("parts in a cycle are one part"));
    }

    @Test
    void domainIsPure() {
        check(noClasses()
                .that()
                .resideInAPackage("baton.function..")
                .should()
                .dependOnClassesThat(resideOutsideOfPackages("baton.function..", "java..", "org.jspecify.."))
                .because("the words of the domain must not depend on how they are stored or served"));
    }

    @Test
    void untrustedCodeRunsFarFromWhatIsDurable() {
        check(noClasses()
                .that()
                .resideInAnyPackage("baton.worker..", "baton.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "baton.gateway..",
                        "baton.pool..",
                        "baton.registry..",
                        "baton.admin..",
                        "java.sql..",
                        "com.google.gson..")
                .because("functions run there, and a worker loads only what its hot path needs"));
    }

    @Test
    void dataPlaneAndControlPlaneMeetOnlyInThePlatform() {
        check(noClasses()
                .that()
                .resideInAPackage("baton.gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("baton.admin..", "baton.registry..", "baton.build..", "baton.cli..")
                .because("an invocation never waits for the control plane"));
        check(noClasses()
                .that()
                .resideInAPackage("baton.admin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("baton.gateway..", "baton.pool..", "baton.worker..", "baton.cli..")
                .because("the control plane sees the data plane through a seam of its own"));
    }

    @Test
    void commandLineSpeaksOnlyHttpToThePlatform() {
        check(noClasses()
                .that()
                .resideInAPackage("baton.cli..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("baton..")
                        .and(DescribedPredicate.not(
                                resideInAnyPackage("baton.cli..", "baton.config..", "baton.function.."))))
                .because("a command works against any platform that speaks the admin API"));
    }

    @Test
    void enginesAreNamedOnlyWhereProcessesAreMade() {
        check(noClasses()
                .that()
                .resideInAnyPackage("baton.engine", "baton.engine.wasi", "baton.http..", "baton.wire..", "baton.pool..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("baton.engine.wasmtime..", "baton.engine.chicory..")
                .because("the seam must not know what is behind it"));
        check(noClasses()
                .that()
                .resideInAPackage("baton.worker..")
                .and()
                .doNotHaveFullyQualifiedName("baton.worker.WorkerOptions")
                .and()
                .doNotHaveFullyQualifiedName("baton.worker.WorkerMain")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("baton.engine.wasmtime..", "baton.engine.chicory..")
                .because("only the start of a worker chooses an engine"));
        check(noClasses()
                .that()
                .resideInAPackage("baton.engine.wasmtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("baton.engine.chicory..")
                .because("an engine must be replaceable by the other"));
    }

    @Test
    void nativeMemoryStaysInFewHands() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "baton.posix..", "baton.engine.wasmtime..", "baton.engine.wasi..", "baton.worker..")
                // It looks at bytes that stay in the socket, without a copy where the head is complete.
                .and()
                .doNotHaveFullyQualifiedName("baton.gateway.FrontDoor")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .because("a wrong offset there ends the process instead of a request"));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("baton.posix..", "baton.engine.wasmtime..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .because("calls into C are made in two places only"));
        check(noClasses()
                .that()
                .resideOutsideOfPackage("baton.registry..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.sql..")
                .because("the registry is the only one that knows where functions are recorded"));
    }

    @Test
    void onlyEntryPointsEndTheProcess() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("baton.Main")
                .and()
                .doNotHaveFullyQualifiedName("baton.build.BuilderMain")
                .should()
                .callMethod(System.class, "exit", int.class)
                .because("a caller must be able to go on; exit codes are decided in one place"));
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("baton.Main")
                .and()
                .haveNameNotMatching("baton\\.(Up|build\\.BuildServer).*")
                .should()
                .callMethod(Runtime.class, "halt", int.class)
                .because("the end of a process is decided where it began"));
    }

    @Test
    void onlyProcessesAndTheCommandLineTalkToTheTerminal() {
        DescribedPredicate<JavaClass> processes = DescribedPredicate.describe(
                "processes of their own",
                type -> List.of(
                                "baton.Main",
                                "baton.Up",
                                "baton.Platform",
                                "baton.PlatformRehearsal",
                                "baton.build.BuilderMain",
                                "baton.build.BuildServer",
                                "baton.worker.Worker",
                                "baton.worker.WorkerMain")
                        .contains(type.getFullName().replaceAll("\\$.*", "")));
        for (String stream : new String[] {"out", "err"}) {
            check(noClasses()
                    .that()
                    .resideOutsideOfPackage("baton.cli..")
                    .and(DescribedPredicate.not(processes))
                    .should()
                    .accessField(System.class, stream)
                    .because("everything else speaks through the log"));
        }
    }

    @Test
    void namesSayWhatThingsAre() {
        List<String> vague = new ArrayList<>();
        for (JavaClass type : PRODUCT) {
            if (type.getFullName().matches("(?i).*\\.(util|utils|common|helper|manager|impl|misc)\\..*")
                    || type.getSimpleName().matches(".*(Util|Utils|Helper|Manager|Impl|Misc|Common)")) {
                vague.add(type.getFullName());
            }
        }
        assertThat(vague).as("names that would fit anything").isEmpty();
    }
}

package dev.slipway.verify.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which room may know which other, and which rooms may know what from outside. */
class ArrowsTest {

    private static final JavaClasses SLIPWAY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.slipway");

    /** Each room and the rooms that it may use. */
    private static final Map<String, List<String>> ROOMS = Map.ofEntries(
            Map.entry("core", List.of()),
            Map.entry("testing", List.of("core")),
            Map.entry("json", List.of("core")),
            Map.entry("tasks", List.of("core", "json")),
            Map.entry("engines.onnxruntime", List.of("core", "graph")),
            Map.entry("steps.image", List.of("core")),
            Map.entry("graph", List.of("core")),
            Map.entry("packages", List.of("core", "json", "graph")),
            Map.entry("registry", List.of("core")),
            Map.entry("serving", List.of("core")),
            Map.entry("deployment", List.of("core", "json", "tasks", "packages", "registry", "serving")),
            Map.entry("server", List.of("core", "json", "tasks", "packages", "registry", "serving", "deployment")),
            Map.entry(
                    "protocols",
                    List.of("core", "json", "tasks", "packages", "registry", "serving", "deployment", "server")),
            Map.entry("bench", List.of("core", "json")),
            Map.entry("embed", List.of("core", "json", "tasks", "packages", "serving")),
            Map.entry(
                    "cli",
                    List.of(
                            "core",
                            "json",
                            "tasks",
                            "graph",
                            "packages",
                            "registry",
                            "serving",
                            "deployment",
                            "server",
                            "protocols",
                            "bench")));

    private static final Map<String, List<String>> OUTSIDE = Map.ofEntries(
            Map.entry("com.google.protobuf..", List.of("graph", "server", "protocols", "bench")),
            Map.entry("io.vertx..", List.of("server", "protocols", "bench")),
            Map.entry("io.netty..", List.of("server", "protocols")),
            Map.entry("io.micrometer..", List.of("server")),
            Map.entry("com.fasterxml..", List.of("registry")),
            Map.entry("com.github.benmanes.caffeine..", List.of("serving")),
            Map.entry("org.jdbi..", List.of("registry")),
            Map.entry("org.sqlite..", List.of("registry")),
            Map.entry("org.apache.commons.compress..", List.of("packages")),
            Map.entry("org.HdrHistogram..", List.of("bench")),
            Map.entry("java.sql..", List.of("registry")),
            Map.entry("org.snakeyaml..", List.of("packages", "server", "cli")),
            Map.entry("picocli..", List.of("cli")),
            Map.entry("java.awt..", List.of("steps.image")),
            Map.entry("javax.imageio..", List.of("steps.image")),
            Map.entry("ai.onnxruntime..", List.of()));

    private static DescribedPredicate<JavaClass> in(List<String> rooms) {
        return resideInAnyPackage(rooms.stream().map(ArrowsTest::pattern).toArray(String[]::new));
    }

    private static String pattern(String room) {
        return "dev.slipway." + room + "..";
    }

    @Test
    void everyClassIsInARoom() {
        assertThat(SLIPWAY).isNotEmpty();
        classes()
                .that()
                .resideOutsideOfPackage("dev.slipway.verify..")
                .should()
                .resideInAnyPackage(
                        ROOMS.keySet().stream().map(ArrowsTest::pattern).toArray(String[]::new))
                .check(SLIPWAY);
    }

    @TestFactory
    List<DynamicTest> aRoomUsesOnlyTheRoomsBelowIt() {
        return ROOMS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(
                        room.getKey(),
                        () -> classes()
                                .that(resideInAPackage(pattern(room.getKey())))
                                .should()
                                .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage("dev.slipway.."))
                                        .or(resideInAPackage(pattern(room.getKey())))
                                        .or(in(room.getValue())))
                                .check(SLIPWAY)))
                .toList();
    }

    @TestFactory
    List<DynamicTest> aHeavyDependencyStaysInItsRoom() {
        return OUTSIDE.entrySet().stream()
                .map(outside -> DynamicTest.dynamicTest(
                        outside.getKey(),
                        () -> noClasses()
                                .that(DescribedPredicate.not(in(outside.getValue())))
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(outside.getKey())
                                .allowEmptyShould(true)
                                .check(SLIPWAY)))
                .toList();
    }

    @Test
    void dialectsDoNotKnowEachOther() {
        slices().matching("dev.slipway.protocols.(*)..")
                .should()
                .notDependOnEachOther()
                .check(SLIPWAY);
    }
}

package dev.slipway.verify.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.beAnnotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What the house writes the same way everywhere. */
class HouseRulesTest {

    private static final String GENERATED = "dev.slipway.protocols.openinference.wire";

    private static final JavaClasses SLIPWAY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.slipway");

    @Test
    void everyPackageSaysWhatItIs() {
        Set<String> said = new TreeSet<>();
        Set<String> all = new TreeSet<>();
        for (JavaClass one : SLIPWAY) {
            if (one.getSimpleName().equals("package-info")) {
                said.add(one.getPackageName());
            } else if (!GENERATED.equals(one.getPackageName())
                    && !one.getPackageName().startsWith("dev.slipway.verify")) {
                all.add(one.getPackageName());
            }
        }
        assertThat(said).containsAll(all);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .and()
                .resideOutsideOfPackage("dev.slipway.verify..")
                .should(beAnnotatedWith(NullMarked.class))
                .check(SLIPWAY);
    }

    @Test
    void namesSaySomething() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .check(SLIPWAY);
    }

    @Test
    void contextTravelsAsAnArgument() {
        noFields().should().haveRawType(ThreadLocal.class).check(SLIPWAY);
    }

    @Test
    void staticsHoldNoState() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.slipway..")
                .should()
                .beFinal()
                .check(SLIPWAY);
    }

    @Test
    void nobodyPrintsOrEndsTheProgramButTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.slipway.cli..", "dev.slipway.verify..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(SLIPWAY);
    }

    @Test
    void noAccessorSaysGet() {
        ArchRuleDefinition.noMethods()
                .that()
                .areDeclaredInClassesThat()
                .areRecords()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .haveNameMatching("get[A-Z].*")
                .check(SLIPWAY);
    }
}

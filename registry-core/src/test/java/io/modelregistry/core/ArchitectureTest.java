package io.modelregistry.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The absences that ARCHITECTURE.md states. */
class ArchitectureTest {
    private static final String CORE = "io.modelregistry.core..";
    private static final String STORAGE = "io.modelregistry.storage..";

    private final JavaClasses main = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.modelregistry");

    @Test
    void jsonKnowsNothingOfRegistries() {
        noClasses()
                .that()
                .resideInAPackage("io.modelregistry.core.json..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are other parts of the registry",
                        c -> c.getPackageName().startsWith("io.modelregistry")
                                && !c.getPackageName().startsWith("io.modelregistry.core.json")))
                .check(main);
    }

    @Test
    void theLogDoesNotKnowWhatItsEntriesMean() {
        noClasses()
                .that()
                .resideInAPackage("io.modelregistry.core.log..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.modelregistry.core",
                        "io.modelregistry.core.version..",
                        "io.modelregistry.core.environment..",
                        "io.modelregistry.core.review..",
                        "io.modelregistry.core.policy..",
                        "io.modelregistry.core.preview..",
                        "io.modelregistry.core.audit..",
                        "io.modelregistry.core.artifact..")
                .check(main);
    }

    @Test
    void aBackendSeesNoModelNoVersionAndNoJson() {
        noClasses()
                .that()
                .resideInAPackage(STORAGE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        CORE,
                        "io.modelregistry.version..",
                        "io.modelregistry.environment..",
                        "io.modelregistry.lifecycle..",
                        "com.fasterxml..")
                .check(main);
    }

    @Test
    void onlyTheLogAndTheProofCreateObjects() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .and()
                .doNotHaveFullyQualifiedName("io.modelregistry.core.log.Slot")
                .and()
                .doNotHaveFullyQualifiedName("io.modelregistry.core.log.Store")
                .and()
                .doNotHaveFullyQualifiedName("io.modelregistry.core.PutIfAbsentProof")
                .and()
                .doNotHaveFullyQualifiedName("io.modelregistry.core.preview.OverlayBackend")
                .and()
                .doNotHaveFullyQualifiedName("io.modelregistry.core.UnconfirmedBackend")
                .should()
                .callMethod(io.modelregistry.storage.StorageBackend.class, "create", String.class, byte[].class)
                .check(main);
    }

    @Test
    void onlyTheJsonPackageKnowsJackson() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.modelregistry.core.json..", "io.modelregistry.testkit..") // a judge reads by itself
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(main);
    }

    @Test
    void namesSayWhatThingsAre() {
        classes()
                .should()
                .haveNameNotMatching(".*(Impl|Manager|Helper|Utils?)$")
                .check(main);
    }
}

package dev.bringup.features;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between modules and packages, and the rules that every class obeys. */
class ArchitectureTest {
  private static final String ROOT = "dev.bringup.";

  /** A package of harness and all of ours that it may know beside itself. */
  private record Room(String name, List<String> mayKnow) {
    private Room(String name, String... mayKnow) {
      this(name, List.of(mayKnow));
    }
  }

  private static final List<Room> ROOMS =
      List.of(
          new Room("verdict"),
          new Room("time"),
          new Room("units", "verdict"),
          new Room("config", "units", "verdict"),
          new Room("image", "verdict"),
          new Room("fault", "verdict"),
          new Room("net", "time", "verdict"),
          new Room("transport", "time", "verdict"),
          new Room("tftp", "fault", "time", "verdict"),
          new Room("power", "config", "time", "transport", "units", "verdict"),
          new Room("console", "time", "verdict"),
          new Room("wire", "console", "time", "transport", "verdict"),
          new Room("report", "time", "verdict"),
          new Room("artifact", "config", "image", "time", "units", "verdict"),
          new Room(
              "board", "config", "console", "fault", "net", "power", "tftp", "time", "units",
              "verdict"),
          new Room("hold", "board", "console", "power", "time", "verdict", "wire"),
          new Room(
              "wired",
              "board",
              "config",
              "console",
              "fault",
              "net",
              "power",
              "tftp",
              "time",
              "transport",
              "verdict",
              "wire"),
          new Room("replay", "board", "console", "fault", "power", "tftp", "time", "verdict"),
          new Room(
              "boot",
              "artifact",
              "board",
              "config",
              "console",
              "image",
              "power",
              "tftp",
              "time",
              "units",
              "verdict"),
          new Room("provision", "artifact", "board", "config", "image", "units", "verdict"),
          new Room(
              "steps",
              "artifact",
              "board",
              "boot",
              "console",
              "fault",
              "image",
              "tftp",
              "units",
              "verdict"),
          new Room("health", "board", "config", "time", "verdict"),
          new Room(
              "run",
              "artifact",
              "board",
              "boot",
              "console",
              "fault",
              "health",
              "power",
              "report",
              "steps",
              "tftp",
              "time",
              "units",
              "verdict",
              "wire"),
          new Room(
              "junit",
              "artifact",
              "board",
              "boot",
              "health",
              "hold",
              "report",
              "run",
              "time",
              "units",
              "verdict"));

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("tests.jar"))
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("dev.bringup");

  @Test
  void allModulesAreSeen() {
    assertThat(MAIN.contain("dev.bringup.board.Board")).isTrue();
    assertThat(MAIN.contain("dev.bringup.emulator.qemu.QemuBackend")).isTrue();
    assertThat(MAIN.contain("dev.bringup.cli.Main")).isTrue();
    assertThat(MAIN.contain("dev.bringup.board.BackendContractSuite")).as("tests").isFalse();
  }

  @TestFactory
  List<DynamicTest> eachRoomOfHarnessKnowsOnlyThoseBelowIt() {
    return ROOMS.stream()
        .map(room ->
            DynamicTest.dynamicTest(
                room.name(),
                () -> {
                  var allowed = new TreeSet<>(room.mayKnow());
                  allowed.add(room.name());
                  String[] packages =
                      allowed.stream().map(name -> ROOT + name + "..").toArray(String[]::new);
                  noClasses()
                      .that()
                      .resideInAPackage(ROOT + room.name() + "..")
                      .should()
                      .dependOnClassesThat(
                          resideInAPackage("dev.bringup..").and(not(resideInAnyPackage(packages))))
                      .check(MAIN);
                }))
        .toList();
  }

  @Test
  void everyPackageOfHarnessHasItsArrows() {
    var known = new TreeSet<>(ROOMS.stream().map(room -> ROOT + room.name()).toList());
    var found = new TreeSet<String>();
    for (JavaClass each : MAIN) {
      String name = each.getPackageName();
      if (!name.startsWith(ROOT + "emulator")
          && !name.startsWith(ROOT + "cli")
          && !name.equals("dev.bringup")) {
        found.add(name);
      }
    }
    assertThat(known).isEqualTo(found);
  }

  @Test
  void harnessKnowsNeitherBackendsNorTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.bringup.emulator..", "dev.bringup.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.bringup.emulator..", "dev.bringup.cli..", "dev.bringup.features..")
        .check(MAIN);
  }

  @Test
  void theEmulatorsBackendDoesNotKnowTheCommandLine() {
    noClasses()
        .that()
        .resideInAPackage("dev.bringup.emulator..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.bringup.cli..", "dev.bringup.features..")
        .check(MAIN);
  }

  @Test
  void nobodyButItsPackageNamesQemu() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.bringup.emulator.qemu")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.bringup.emulator.qemu")
        .check(MAIN);
  }

  @Test
  void everyPackageIsNullMarked() {
    var unmarked = new TreeSet<String>();
    for (JavaClass each : MAIN) {
      if (!each.getPackage().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(each.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  @Test
  void noStaticFieldCanChange() {
    fields().that().areStatic().should().beFinal().check(MAIN);
  }

  @Test
  void nobodySleeps() {
    noClasses()
        .should()
        .callMethodWhere(target(owner(equivalentTo(Thread.class))).and(target(name("sleep"))))
        .check(MAIN);
  }

  @Test
  void onlyTheClockAsksTheSystemForTheTime() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.bringup.time")
        .and()
        // Spins for microseconds at a socket; no deadline of a board depends on it.
        .doNotHaveFullyQualifiedName("dev.bringup.tftp.EventLoops$Spin")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(MAIN);
  }
}

package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bringup.config.ConfigurationException;
import dev.bringup.config.YamlFile;
import dev.bringup.config.YamlNode;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every power driver does; a subclass brings the outlet. */
@Timeout(120)
@SuppressWarnings("try") // putting a far end away may be interrupted
abstract class PowerSwitchContractSuite {
  /** How an outlet behaves. */
  enum Mood {
    WELL,
    /** Takes every order and stays as it is. */
    STUCK,
    /** Takes what is said to it and never answers. */
    SILENT,
    /** Is not there. */
    ABSENT,
    /** Answers something else. */
    GARBAGE,
    /** Answers without end. */
    ENDLESS
  }

  /** An outlet and all that is between it and its driver. */
  interface FarEnd extends AutoCloseable {
    /** What a board file says, without a time limit. */
    String settings();

    /** A word of the outlet's name that messages must have. */
    String name();

    /** What the outlet really is. */
    boolean powered() throws Exception;

    /** Somebody else switches it. */
    void turn(boolean on) throws Exception;

    void become(Mood mood) throws Exception;

    default Set<Mood> moods() {
      return EnumSet.allOf(Mood.class);
    }

    /** Whether the driver can read the state from the outlet. */
    default boolean readsBack() {
      return true;
    }

    /** Whether an order is answered. */
    default boolean answersOrders() {
      return true;
    }

    @Override
    void close() throws IOException;
  }

  private static final Duration GENEROUS = Duration.ofSeconds(60);

  private FarEnd far;

  abstract FarEnd farEnd() throws Exception;

  @BeforeEach
  void plug() throws Exception {
    far = farEnd();
  }

  @AfterEach
  void putAway() throws Exception {
    if (far != null) {
      far.close();
    }
  }

  /** Opens with a limit that no busy machine exceeds, unless the settings have one. */
  static PowerSwitch open(String settings) {
    String limited = settings.contains("within:") ? settings : settings + "\nwithin: 60 s\n";
    YamlNode.Mapping map = YamlFile.parse("boards/desk.yaml", limited).map();
    return PowerDrivers.open(map.get("driver").text(), map);
  }

  private PowerSwitch impatient() {
    return open(far.settings() + "\nwithin: 200 ms\n");
  }

  private static ConfirmedPower confirmed(PowerSwitch outlet, Duration limit) {
    return new ConfirmedPower(outlet, limit, BoardClock.system());
  }

  private void become(Mood mood) throws Exception {
    assumeTrue(far.moods().contains(mood), "this kind of outlet cannot be " + mood);
    far.become(mood);
  }

  private void assertInfrastructureError(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BringupException.class,
            e -> assertThat(e.kind()).as("%s", e).isEqualTo(FailureKind.INFRASTRUCTURE))
        .message()
        .contains(far.name())
        .contains(parts)
        .hasSizeLessThan(400)
        .doesNotContainPattern("[\\p{Cntrl}]");
  }

  @Test
  void ordersReachTheOutlet() throws Exception {
    try (PowerSwitch outlet = open(far.settings())) {
      ConfirmedPower power = confirmed(outlet, GENEROUS);
      for (boolean on : new boolean[] {true, false, true}) {
        PowerState state = power.set(on);
        assertThat(far.powered()).isEqualTo(on);
        if (far.readsBack()) {
          assertThat(state).isEqualTo(on ? PowerState.ON : PowerState.OFF);
        }
      }
    }
  }

  @Test
  void anOrderThatIsGivenTwiceChangesNothing() throws Exception {
    try (PowerSwitch outlet = open(far.settings())) {
      outlet.set(true);
      outlet.set(true);
      assertThat(far.powered()).isTrue();
      outlet.set(false);
      outlet.set(false);
      assertThat(far.powered()).isFalse();
    }
  }

  @Test
  void theStateIsTheOutletsAndNotThatOfTheLastOrder() throws Exception {
    assumeTrue(far.readsBack(), "this kind of outlet cannot be read");
    try (PowerSwitch outlet = open(far.settings())) {
      outlet.set(true);
      far.turn(false);
      assertThat(outlet.read()).isEqualTo(PowerState.OFF);
      far.turn(true);
      assertThat(outlet.read()).isEqualTo(PowerState.ON);
    }
  }

  @Test
  void openingReadingAndClosingLeaveTheOutletAsItIs() throws Exception {
    for (boolean on : new boolean[] {true, false}) {
      try (PowerSwitch outlet = open(far.settings())) {
        outlet.set(on);
      }
      PowerSwitch outlet = open(far.settings());
      var _ = outlet.read();
      outlet.close();
      outlet.close();
      assertThat(far.powered()).isEqualTo(on);
    }
  }

  @Test
  void aStuckOutletIsAnInfrastructureErrorWithItsName() throws Exception {
    far.turn(true);
    become(Mood.STUCK);
    try (PowerSwitch outlet = open(far.settings())) {
      ConfirmedPower power = confirmed(outlet, Duration.ofMillis(50));
      if (far.readsBack()) {
        assertInfrastructureError(
            () -> power.set(false), outlet.outlet(), "is still on", "after 50 ms");
      } else {
        power.set(false); // nobody can know
      }
    }
    assertThat(far.powered()).isTrue();
  }

  @Test
  void anOutletThatNeverAnswersIsLeftAfterTheTimeLimit() throws Exception {
    become(Mood.SILENT);
    try (PowerSwitch outlet = impatient()) {
      assertTrouble(outlet, outlet.outlet(), "no answer within 200 ms");
    }
  }

  @Test
  void anOutletThatIsNotThereIsAnInfrastructureError() throws Exception {
    become(Mood.ABSENT);
    try (PowerSwitch outlet = impatient()) {
      assertTrouble(outlet, outlet.outlet());
    }
  }

  @Test
  void garbageIsShownShortAndPrintable() throws Exception {
    become(Mood.GARBAGE);
    try (PowerSwitch outlet = open(far.settings())) {
      assertTrouble(outlet, outlet.outlet(), "\"");
    }
  }

  @Test
  void anEndlessAnswerEndsInTimeAndMemory() throws Exception {
    become(Mood.ENDLESS);
    try (PowerSwitch outlet = open(far.settings() + "\nwithin: 1 s\n")) {
      assertTrouble(outlet, outlet.outlet());
    }
  }

  @Test
  void anOutletThatRecoversWorksAgain() throws Exception {
    far.turn(true);
    become(Mood.GARBAGE);
    try (PowerSwitch outlet = open(far.settings())) {
      assertTrouble(outlet, outlet.outlet());
      far.become(Mood.WELL);
      outlet.set(false);
      assertThat(far.powered()).isFalse();
    }
  }

  private void assertTrouble(PowerSwitch outlet, String... parts) {
    if (far.readsBack()) {
      assertInfrastructureError(outlet::read, parts);
    }
    if (far.answersOrders()) {
      assertInfrastructureError(() -> outlet.set(true), parts);
    }
  }

  @Test
  void aSettingThatTheDriverDoesNotKnowIsNamedWithItsPlace() {
    String settings = far.settings().strip();
    long lines = settings.lines().count();
    assertThatThrownBy(() -> open(settings + "\nohm: 7"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("boards/desk.yaml:" + (lines + 1) + ":1: the power driver ")
        .hasMessageContaining("has no setting \"ohm\"");
  }
}

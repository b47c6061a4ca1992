package dev.bringup.run;

import dev.bringup.steps.Bench;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import io.cucumber.core.backend.ObjectFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Makes the objects that hold step definitions: one of each class for a scenario, through its only
 * constructor, whose parameters are the scenario's {@link Bench} or other such classes.
 */
final class StepObjects implements ObjectFactory {
  private final Supplier<Bench> benches;
  private final Map<Class<?>, Object> instances = new HashMap<>();

  /**
   * @param benches gives the bench of the scenario that is about to start
   */
  StepObjects(Supplier<Bench> benches) {
    this.benches = benches;
  }

  @Override
  public void start() {
    instances.put(Bench.class, benches.get());
  }

  @Override
  public void stop() {
    instances.clear();
  }

  @Override
  public boolean addClass(Class<?> glueClass) {
    return true;
  }

  @Override
  public <T> T getInstance(Class<T> type) {
    Object known = instances.get(type);
    if (known == null) {
      known = create(type);
      instances.put(type, known);
    }
    return type.cast(known);
  }

  private Object create(Class<?> type) {
    Constructor<?>[] constructors = type.getDeclaredConstructors();
    if (constructors.length != 1) {
      throw BringupException.configuration(
          type.getName() + ": a class with step definitions has exactly one constructor");
    }
    Constructor<?> constructor = constructors[0];
    Object[] arguments =
        Arrays.stream(constructor.getParameterTypes()).map(this::getInstance).toArray();
    try {
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new BringupException(
          FailureKind.BUG, "cannot make " + type.getName() + ": " + e.getCause(), null, e);
    } catch (ReflectiveOperationException e) {
      throw BringupException.configuration(
          type.getName() + ": its constructor takes a Bench or other step classes; " + e);
    }
  }
}

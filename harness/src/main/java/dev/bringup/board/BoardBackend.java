package dev.bringup.board;

import dev.bringup.verdict.BringupException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** A kind of machine that board files can name under {@code machine: {engine: ...}}. */
public interface BoardBackend {

  /** The name in board files. */
  String engine();

  /** The capability interfaces that boards of this engine have, beside power and console. */
  List<Class<?>> capabilities(BoardFile file);

  /**
   * Opens a board without giving it power.
   *
   * @throws BringupException (configuration) if the file asks for something that the engine cannot
   *     do, (infrastructure) if the engine is not usable on this host
   */
  Board open(BoardFile file, BoardSite site);

  /**
   * What this host lacks for this board, in words for a person; empty if nothing is known to be
   * missing.
   */
  default Optional<String> missing(BoardFile file) {
    return Optional.empty();
  }

  /** The engine of boards whose file names drivers and no machine. */
  String WIRED = "wired";

  /**
   * The backend that plays the board of {@code file}, among those that {@code loader} can see.
   *
   * @throws BringupException (configuration) if there is no such engine
   */
  static BoardBackend of(BoardFile file, ClassLoader loader) {
    BoardFile.Machine machine = file.machine();
    return named(machine == null ? WIRED : machine.engine(), loader);
  }

  /** The backend of the given name among those that {@code loader} can see. */
  static BoardBackend named(String engine, ClassLoader loader) {
    List<BoardBackend> all =
        ServiceLoader.load(BoardBackend.class, loader).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return all.stream()
        .filter(backend -> backend.engine().equals(engine))
        .findFirst()
        .orElseThrow(() ->
            BringupException.configuration(
                "no engine named \"%s\"; there is %s"
                    .formatted(
                        engine,
                        all.stream()
                            .map(BoardBackend::engine)
                            .sorted()
                            .collect(Collectors.joining(", ")))));
  }
}

package dev.bringup.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Boot stages over time in SVG: one lane a boot, all lanes on one axis. Positions are percentages,
 * so that text keeps its size on every screen. Under each stage a thin line shows how much of its
 * time limit it used.
 */
final class StageChart {
  private static final int LANE_HEIGHT = 32;
  private static final int BAR_HEIGHT = 22;
  private static final int MOST_TICKS = 6;
  private static final double MOST_OVERHANG = 1.5;
  // pixels that a lane has at least on a desk and on a phone, and that a character takes at most
  private static final double WIDE = 600;
  private static final double NARROW = 330;
  private static final double CHARACTER = 7.3;

  private final Html html;
  private final double axis;
  private final double step;

  /** A chart for {@code lanes}, whose axis is as long as the longest of them. */
  StageChart(Html html, List<Lane> lanes) {
    this.html = html;
    double longest = 0.1;
    double reached = 0;
    for (Lane lane : lanes) {
      for (StageSpan span : lane.spans) {
        double end = seconds(span.end());
        longest = Math.max(longest, end);
        reached = span.reached() ? Math.max(reached, end) : reached;
      }
    }
    // one long wait in vain must not squeeze everything else: it runs off the chart
    double shown = reached > 0 ? Math.min(longest, reached * MOST_OVERHANG) : longest;
    step = tickStep(shown / MOST_TICKS);
    // a little air to the right instead of a jump to the next round number
    axis = shown * 1.02;
  }

  /**
   * The boots of one scenario; {@code anchor} is the element that tells more, {@code ""} if none.
   */
  static List<Lane> lanes(String anchor, ScenarioReport scenario) {
    Map<Integer, List<StageSpan>> boots = new LinkedHashMap<>();
    for (StageSpan span : scenario.evidence().stages()) {
      boots.computeIfAbsent(span.boot(), _ -> new ArrayList<>()).add(span);
    }
    List<Lane> lanes = new ArrayList<>();
    boots.forEach((boot, spans) -> {
      String name = anchor.isEmpty() ? "Boot " + boot : scenario.name();
      String more = anchor.isEmpty() || boots.size() == 1 ? "" : "boot " + boot;
      Mark mark = Mark.of(scenario.outcome());
      // an earlier boot of a scenario that failed did what it should
      boolean failed = mark.isFailure() && !anchor.isEmpty() && boot == boots.size();
      lanes.add(new Lane(anchor, name, more, spans, failed ? mark : null));
    });
    return lanes;
  }

  void draw(List<Lane> lanes) {
    html.open("ol", "class", "lanes");
    for (Lane lane : lanes) {
      lane(lane);
    }
    html.open("li", "class", "axis", "aria-hidden", "true").raw("<span></span>");
    html.open("svg", "width", "100%", "height", "18");
    for (double at = 0; at <= axis; at += step) {
      String anchor = at == 0 ? "start" : at > axis * 0.95 ? "end" : "middle";
      html.element("text", tick(at), "x", percent(at / axis), "y", "13", "text-anchor", anchor);
    }
    html.close("svg").raw("<span></span>").close("li").close("ol");
  }

  private void lane(Lane lane) {
    html.open("li").open("span", "class", "lane-name", "title", Printable.line(lane.name));
    if (lane.failed != null) {
      html.element("i", lane.failed.sign, "class", "c-" + lane.failed.key, "aria-hidden", "true");
      html.element("span", lane.failed.text, "class", "vh").raw(" ");
    }
    if (lane.anchor.isEmpty()) {
      html.text(Printable.line(lane.name));
    } else {
      html.element("a", Printable.line(lane.name), "href", "#" + lane.anchor);
    }
    if (!lane.more.isEmpty()) {
      html.raw(" ").element("small", lane.more);
    }
    html.close("span");
    html.open(
        "svg",
        "width",
        "100%",
        "height",
        Integer.toString(LANE_HEIGHT),
        "role",
        "img",
        "aria-label",
        lane.description());
    for (double at = 0; at <= axis; at += step) {
      String x = percent(at / axis);
      html.open("line", "x1", x, "x2", x, "y1", "0", "y2", Integer.toString(LANE_HEIGHT));
      html.close("line");
    }
    lane.spans.forEach(this::span);
    html.close("svg");
    String cut = seconds(lane.length()) > axis ? "› " : "";
    html.element("span", cut + Amounts.duration(lane.length()), "class", "lane-time").close("li");
  }

  private void span(StageSpan span) {
    double share = seconds(span.duration()) / axis;
    String stage = Printable.line(span.stage());
    String duration = Amounts.duration(span.duration());
    html.open(
        "svg",
        "class",
        "span st-" + key(span.stage()) + (span.reached() ? "" : " unreached"),
        "x",
        percent(seconds(span.enteredAt()) / axis),
        "width",
        percent(seconds(span.duration()) / axis),
        "height",
        Integer.toString(LANE_HEIGHT));
    html.element("title", describe(span));
    rect("bar", "100%", 0, BAR_HEIGHT);
    if (!span.reached()) {
      rect("hatch", "100%", 0, BAR_HEIGHT);
    }
    Duration limit = span.limit();
    if (limit != null && !limit.isZero()) {
      double used = seconds(span.duration()) / seconds(limit);
      rect("limit", "100%", BAR_HEIGHT + 2, 3);
      rect(used >= 1 ? "used over" : "used", percent(Math.min(1, used)), BAR_HEIGHT + 2, 3);
    }
    html.open("text", "x", "7", "y", "15");
    html.element("tspan", stage, "class", fit(share, stage));
    html.element("tspan", duration, "dx", "6", "class", "took " + fit(share, stage + duration));
    html.close("text").close("svg");
  }

  /** Where text fits into a share of the lane's width. */
  private static String fit(double share, String text) {
    double needed = text.length() * CHARACTER + 14;
    return share * NARROW >= needed ? "always" : share * WIDE >= needed ? "wide-only" : "never";
  }

  private void rect(String kind, String width, int y, int height) {
    html.open(
            "rect",
            "class",
            kind,
            "width",
            width,
            "y",
            Integer.toString(y),
            "height",
            Integer.toString(height))
        .close("rect");
  }

  /** The name of a stage in the style sheet. */
  static String key(String stage) {
    return switch (stage) {
      case "rom", "firmware", "bootloader", "hypervisor", "dom0", "guest", "kernel", "userland" ->
          stage;
      default -> "other";
    };
  }

  static String describe(StageSpan span) {
    String text =
        Printable.line(span.stage())
            + " "
            + Amounts.duration(span.duration())
            + (span.reached() ? "" : ", not reached");
    Duration limit = span.limit();
    return limit == null ? text : text + ", limit " + Amounts.duration(limit);
  }

  private String tick(double at) {
    if (at == 0) {
      return "0";
    }
    if (step < 1) {
      return String.format(Locale.ROOT, "%.2f", at).replaceAll("0$", "") + " s";
    }
    return step < 60 ? Math.round(at) + " s" : Math.round(at / 60) + " min";
  }

  private static double tickStep(double atLeast) {
    double[] steps = {0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600};
    for (double candidate : steps) {
      if (candidate >= atLeast) {
        return candidate;
      }
    }
    return Math.ceil(atLeast / 3600) * 3600;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", share * 100);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  /** One boot. */
  record Lane(
      String anchor, String name, String more, List<StageSpan> spans, @Nullable Mark failed) {
    Duration length() {
      return spans.stream().map(StageSpan::end).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    private String description() {
      StringJoiner stages = new StringJoiner("; ", name + ": ", "");
      spans.forEach(span -> stages.add(describe(span)));
      return stages.toString();
    }
  }
}

package dev.bringup.transport;

/** Line settings as RFC 2217 numbers them. */
final class Rfc2217Values {
  private Rfc2217Values() {}

  static int of(LineSettings.Parity parity) {
    return switch (parity) {
      case NONE -> 1;
      case ODD -> 2;
      case EVEN -> 3;
      case MARK -> 4;
      case SPACE -> 5;
    };
  }

  static int of(LineSettings.StopBits stopBits) {
    return switch (stopBits) {
      case ONE -> 1;
      case TWO -> 2;
      case ONE_AND_A_HALF -> 3;
    };
  }

  static int of(LineSettings.FlowControl flowControl) {
    return switch (flowControl) {
      case NONE -> ComPortMessage.Control.NO_FLOW;
      case XON_XOFF -> ComPortMessage.Control.XON_XOFF;
      case RTS_CTS -> ComPortMessage.Control.RTS_CTS;
    };
  }
}

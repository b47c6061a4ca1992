package dev.bringup.transport;

class Rfc2217TransportTest extends TransportContractSuite {
  @Override
  protected FarEnd farEnd() throws Exception {
    return new SocketFarEnd(
        true, port -> new Rfc2217Transport("127.0.0.1", port, LineSettings.of(1_500_000)));
  }
}

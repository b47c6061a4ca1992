package dev.bringup.transport;

class TelnetTransportTest extends TransportContractSuite {
  @Override
  protected FarEnd farEnd() throws Exception {
    return new SocketFarEnd(true, port -> new TelnetTransport("127.0.0.1", port));
  }
}

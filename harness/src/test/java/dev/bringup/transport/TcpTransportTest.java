package dev.bringup.transport;

class TcpTransportTest extends TransportContractSuite {
  @Override
  protected FarEnd farEnd() throws Exception {
    return new SocketFarEnd(false, port -> new TcpTransport("127.0.0.1", port));
  }
}

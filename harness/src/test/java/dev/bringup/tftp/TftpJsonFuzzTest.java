package dev.bringup.tftp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;

class TftpJsonFuzzTest {
  @FuzzTest
  void anyLineIsReadTheSameTwiceOrRefused(byte[] data) {
    TftpTransfer transfer;
    try {
      transfer = TftpJson.read(new String(data, StandardCharsets.UTF_8));
    } catch (BringupException e) {
      return; // the documented answer
    }
    if (!TftpJson.read(TftpJson.line(transfer)).equals(transfer)) {
      throw new AssertionError(transfer);
    }
  }
}

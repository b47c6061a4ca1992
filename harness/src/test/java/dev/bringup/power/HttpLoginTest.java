package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.config.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of RFC 7616, section 3.9.1, and of RFC 7617, section 2. */
class HttpLoginTest {
  private static final String COMMON =
      "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=%s,"
          + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
          + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

  private final Path folder;

  HttpLoginTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private HttpLogin login(String user, String password) throws IOException {
    Path file = Files.writeString(folder.resolve("password"), password);
    Secret secret = Secret.read(YamlFile.parse("x.yaml", "file: " + file));
    return new HttpLogin(user, secret, () -> "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
  }

  @Test
  void digestWithMd5() throws IOException {
    assertThat(
            login("Mufasa", "Circle of Life")
                .answer(List.of(COMMON.formatted("MD5")), "GET", "/dir/index.html"))
        .hasValueSatisfying(answer ->
            assertThat(answer)
                .contains("response=\"8ca523f5e9506fed4657c9700eebdbec\"")
                .contains("opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"")
                .contains("nc=00000001"));
  }

  @Test
  void digestWithSha256IsPreferredWhateverTheOrder() throws IOException {
    String md5 = COMMON.formatted("MD5");
    String sha = COMMON.formatted("SHA-256");
    for (List<String> challenges :
        List.of(List.of(md5, sha), List.of(sha, md5), List.of("Basic realm=\"x\", " + sha))) {
      assertThat(login("Mufasa", "Circle of Life").answer(challenges, "GET", "/dir/index.html"))
          .hasValueSatisfying(answer ->
              assertThat(answer)
                  .contains(
                      "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""));
    }
  }

  @Test
  void basic() throws IOException {
    assertThat(
            login("Aladdin", "open sesame")
                .answer(List.of("Basic realm=\"WallyWorld\""), "GET", "/"))
        .hasValue("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  }

  @Test
  void whatCannotBeAnsweredIsNot() throws IOException {
    HttpLogin login = login("a", "b");
    for (String challenge :
        List.of(
            "",
            "Bearer realm=\"x\"",
            "Digest realm=\"x\"",
            "Digest realm=\"x\", nonce=\"n\", qop=\"auth-int\"",
            "Digest realm=\"x\", nonce=\"n\", algorithm=SHA-512-256",
            "Digest realm=\"x\u0007\", nonce=\"n\"",
            "Digest realm=\"x\\\"\", nonce=\"\u20ac\"",
            "Digest " + "nonce=\"n\",".repeat(5000))) {
      assertThat(login.answer(List.of(challenge), "GET", "/")).as(challenge).isEmpty();
    }
    assertThat(login.answer(List.of(), "GET", "/")).isEmpty();
  }
}

Feature: The bootloader introduces itself

  Scenario: the banner names the program and its version
    Given a board that can run "u-boot"
    When the board boots to the bootloader within 30 s
    Then the bootloader greets with "U-Boot 20"
    When U-Boot runs "echo Hello"
    Then the output is "Hello"

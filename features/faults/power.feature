Feature: Power that fails in the midst of a boot
  The harness cuts the power itself, so the boot ends at once, and nobody is blamed for it but the lab.

  Scenario: at a byte of the console
    Given a board that can run "u-boot"
    And the power fails at console byte 200
    When the board tries to boot to the bootloader
    Then the boot fails with an infrastructure error because of "power lost"
    And the power failed at console byte 200
    And the failure names the fault "power cut at console byte 200"
    And the failure was noticed within 1 s of its evidence
    When the board boots to the bootloader
    And U-Boot runs "echo as if nothing had happened"
    Then the output is "as if nothing had happened"

  Scenario: while a file is loaded
    Given a board that can run "linux" with 2 GiB of memory
    And the boot set "linux-debian12" is staged
    And the power fails at TFTP block 100 of "Image"
    When the board tries to boot to the kernel
    Then the boot fails with an infrastructure error because of "power lost"
    And the failure names the fault 'power cut at TFTP block 100 of "Image"'
    And the failure was noticed within 1 s of its evidence
    When the board boots to the bootloader
    And U-Boot runs "echo as if nothing had happened"
    Then the output is "as if nothing had happened"

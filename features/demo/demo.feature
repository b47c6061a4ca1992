Feature: From power-on to a running guest

  @guest
  Scenario: U-Boot, Xen, dom0 and a Linux guest, over TFTP
    Given a board that can run "xen" with 2 GiB of memory
    And the boot set "xen-debian12" is staged
    When the board boots to dom0 within 120 s
    Then Xen reports version 4.14 or later
    And dom0 owns 768 MiB
    And the TFTP server sent every staged file exactly once
    When dom0 runs "xl create /etc/xen/guest1.cfg"
    Then the command succeeds
    And guest "guest1" reaches its shell within 60 s
    And "uname -r" in guest "guest1" prints the kernel of the boot set

  @kernel
  Scenario: U-Boot and Linux, over TFTP
    Given a board that can run "linux"
    And the boot set "linux-debian12" is staged
    When the board boots to userland within 60 s
    Then "uname -r" in userland prints the kernel of the boot set

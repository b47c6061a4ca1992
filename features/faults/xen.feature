Feature: A boot that fails says why, at once
  Each of these boots is broken on purpose. What matters is that the failure is recognised as what it is,
  that the right party is blamed, and that nobody waits for a time limit.

  Background:
    Given a board that can run "xen" with 2 GiB of memory
    And the boot set "xen-debian12" is staged

  Scenario: a file of the boot set is missing on the TFTP server
    Given the file "xen" is missing on the TFTP server
    When the board tries to boot to dom0
    Then the boot fails with an infrastructure error because of "tftp error"
    And the failure names the file "xen"
    And the failure was noticed within 1 s of its evidence

  Scenario: the dom0 kernel was forgotten
    Given the boot set "xen-debian12-dom0less" is staged
    And the dom0 kernel is left out of the device tree
    When the board tries to boot to dom0
    Then the boot fails with a product failure because of "xen panic"
    And the failure says "Xenstore support requires dom0"
    And the failure was noticed within 1 s of its evidence

  Scenario: dom0 is promised more memory than the board has
    Given dom0 is promised 4 GiB
    When the board tries to boot to dom0
    Then the boot fails with a product failure because of "xen panic"
    And the failure says "Failed to allocate requested dom0 memory"
    And the failure was noticed within 1 s of its evidence

  Scenario: a dom0less guest is promised more memory than the board has
    Given the boot set "xen-debian12-dom0less" is staged
    And guest "dom1" is promised 4 GiB
    When the board tries to boot to dom0
    Then the boot fails with a product failure because of "xen panic"
    And the failure says "Failed to allocate requested domain memory"
    And the failure was noticed within 1 s of its evidence

  Scenario: Xen gets no command line
    Given Xen gets no command line
    When the board tries to boot to dom0
    Then the boot fails with a product failure because of "xen without dom0_mem"
    And the failure says "PLEASE SPECIFY dom0_mem PARAMETER"
    And the failure was noticed within 1 s of its evidence

  Scenario: a device that the board does not have stands in the device tree
    Given the device tree edits of the board type are left out
    And the boot script changes the device tree first:
      """
      fdt get value clock /apb-pclk phandle
      fdt mknode / pl061@9030000
      fdt set /pl061@9030000 compatible arm,pl061 arm,primecell
      fdt set /pl061@9030000 reg <0 0x9030000 0 0x1000>
      fdt set /pl061@9030000 clock-names apb_pclk
      fdt set /pl061@9030000 clocks <${clock}>
      """
    When the board tries to boot to dom0
    Then the boot fails with a product failure because of "linux exception"
    And the failure says "synchronous external abort"
    And the failure was noticed within 1 s of its evidence

  Scenario: the board type takes that device out again
    Given the boot script changes the device tree first:
      """
      fdt get value clock /apb-pclk phandle
      fdt mknode / pl061@9030000
      fdt set /pl061@9030000 compatible arm,pl061 arm,primecell
      fdt set /pl061@9030000 reg <0 0x9030000 0 0x1000>
      fdt set /pl061@9030000 clock-names apb_pclk
      fdt set /pl061@9030000 clocks <${clock}>
      """
    When the board boots to dom0 within 120 s
    Then Xen reports version 4.14 or later

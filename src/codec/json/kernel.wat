;; The inner loop of a JSON string of bytes on one page of memory, sixteen bytes a step where each stands for itself. A block with
;; another goes byte by byte without a branch on the data, so that binary input costs no mispredicted jumps.
;;
;; The page begins with two tables, which the caller fills: at 0 eight bytes for each byte value, of which the first ones are what is
;; written for it; at 2048 how many these are. simd-module.ts holds the assembled bytes; a test assembles this text again and compares.
(module
  (memory (export "memory") 1 1)

  ;; Writes what stands for [$in, $end) to $out on, and up to seven bytes behind it. Answers where the text ends.
  (func (export "escape") (param $in i32) (param $end i32) (param $out i32) (result i32)
    (local $space v128) (local $quote v128) (local $backslash v128) (local $block v128) (local $stop i32) (local $byte i32)
    (local.set $space (i8x16.splat (i32.const 0x20)))
    (local.set $quote (i8x16.splat (i32.const 0x22)))
    (local.set $backslash (i8x16.splat (i32.const 0x5c)))
    (block $done
      (loop $blocks
        (br_if $done (i32.ge_u (local.get $in) (local.get $end)))
        (local.set $stop (i32.add (local.get $in) (i32.const 16)))
        (if (i32.le_u (local.get $stop) (local.get $end))
          (then
            (local.set $block (v128.load (local.get $in)))
            ;; As signed numbers the bytes from 0x80 on are less than a space, too.
            (if (i32.eqz (v128.any_true (v128.or
                    (i8x16.lt_s (local.get $block) (local.get $space))
                    (v128.or
                      (i8x16.eq (local.get $block) (local.get $quote))
                      (i8x16.eq (local.get $block) (local.get $backslash))))))
              (then
                (v128.store (local.get $out) (local.get $block))
                (local.set $out (i32.add (local.get $out) (i32.const 16)))
                (local.set $in (local.get $stop))
                (br $blocks))))
          (else (local.set $stop (local.get $end))))
        (loop $bytes
          (local.set $byte (i32.load8_u (local.get $in)))
          (i64.store (local.get $out) (i64.load (i32.shl (local.get $byte) (i32.const 3))))
          (local.set $out (i32.add (local.get $out) (i32.load8_u offset=2048 (local.get $byte))))
          (local.set $in (i32.add (local.get $in) (i32.const 1)))
          (br_if $bytes (i32.lt_u (local.get $in) (local.get $stop))))
        (br $blocks)))
    (local.get $out)))

;; The inner loops of the ETX code on one page of memory, sixteen bytes a step where none of them is ETX or SUB. A block that holds
;; one goes byte by byte without a branch on the data, so that dense and random input costs no mispredicted jumps. (V8 of
;; Node 20 does not inline calls: a function for the test of a block halves the speed.)
;;
;; Both functions answer (address where reading stopped << 16) | address where writing stopped; all addresses are below 65536.
;; etx-simd-module.ts holds the assembled bytes; a test assembles this text again and compares.
(module
  (memory (export "memory") 1 1)

  ;; Copies [$in, $end) to $out with an ETX before each ETX and SUB, and never writes at $limit or past it.
  (func (export "encode") (param $in i32) (param $end i32) (param $out i32) (param $limit i32) (result i32)
    (local $etx v128) (local $sub v128) (local $block v128) (local $stop i32) (local $byte i32) (local $escape i32)
    (local.set $etx (i8x16.splat (i32.const 0x03)))
    (local.set $sub (i8x16.splat (i32.const 0x1a)))
    (block $done
      (loop $blocks
        (br_if $done (i32.ge_u (local.get $in) (local.get $end)))
        (local.set $stop (i32.add (local.get $in) (i32.const 16)))
        (if (i32.and
              (i32.le_u (local.get $stop) (local.get $end))
              (i32.le_u (i32.add (local.get $out) (i32.const 16)) (local.get $limit)))
          (then
            (local.set $block (v128.load (local.get $in)))
            (if (i32.eqz (v128.any_true (v128.or
                    (i8x16.eq (local.get $block) (local.get $etx))
                    (i8x16.eq (local.get $block) (local.get $sub)))))
              (then
                (v128.store (local.get $out) (local.get $block))
                (local.set $out (i32.add (local.get $out) (i32.const 16)))
                (local.set $in (local.get $stop))
                (br $blocks))))
          (else
            (if (i32.gt_u (local.get $stop) (local.get $end))
              (then (local.set $stop (local.get $end))))))
        (loop $bytes
          (local.set $byte (i32.load8_u (local.get $in)))
          (local.set $escape (i32.or
            (i32.eq (local.get $byte) (i32.const 0x03))
            (i32.eq (local.get $byte) (i32.const 0x1a))))
          (br_if $done (i32.ge_u (i32.add (local.get $out) (local.get $escape)) (local.get $limit)))
          ;; The ETX is overwritten by the byte itself unless the byte needs it.
          (i32.store8 (local.get $out) (i32.const 0x03))
          (local.set $out (i32.add (local.get $out) (local.get $escape)))
          (i32.store8 (local.get $out) (local.get $byte))
          (local.set $out (i32.add (local.get $out) (i32.const 1)))
          (local.set $in (i32.add (local.get $in) (i32.const 1)))
          (br_if $bytes (i32.lt_u (local.get $in) (local.get $stop))))
        (br $blocks)))
    (i32.or (i32.shl (local.get $in) (i32.const 16)) (local.get $out)))

  ;; Copies [$in, $end) to $out without the escaping ETXs, up to a SUB that is not escaped or an ETX at the very end.
  (func (export "decode") (param $in i32) (param $end i32) (param $out i32) (result i32)
    (local $etx v128) (local $sub v128) (local $block v128) (local $stop i32) (local $byte i32) (local $literal i32)
    (local.set $etx (i8x16.splat (i32.const 0x03)))
    (local.set $sub (i8x16.splat (i32.const 0x1a)))
    (block $done
      (loop $blocks
        (br_if $done (i32.ge_u (local.get $in) (local.get $end)))
        (local.set $stop (i32.add (local.get $in) (i32.const 16)))
        (if (i32.le_u (local.get $stop) (local.get $end))
          (then
            (local.set $block (v128.load (local.get $in)))
            (if (i32.eqz (i32.or (local.get $literal) (v128.any_true (v128.or
                    (i8x16.eq (local.get $block) (local.get $etx))
                    (i8x16.eq (local.get $block) (local.get $sub))))))
              (then
                (v128.store (local.get $out) (local.get $block))
                (local.set $out (i32.add (local.get $out) (i32.const 16)))
                (local.set $in (local.get $stop))
                (br $blocks))))
          (else (local.set $stop (local.get $end))))
        (loop $bytes
          (local.set $byte (i32.load8_u (local.get $in)))
          (br_if $done (i32.gt_u (i32.eq (local.get $byte) (i32.const 0x1a)) (local.get $literal)))
          (i32.store8 (local.get $out) (local.get $byte))
          ;; An ETX that is not literal itself makes the next byte literal, which overwrites it.
          (local.set $literal (i32.and (i32.eq (local.get $byte) (i32.const 0x03)) (i32.xor (local.get $literal) (i32.const 1))))
          (local.set $out (i32.add (local.get $out) (i32.xor (local.get $literal) (i32.const 1))))
          (local.set $in (i32.add (local.get $in) (i32.const 1)))
          (br_if $bytes (i32.lt_u (local.get $in) (local.get $stop))))
        (br $blocks)))
    (i32.or (i32.shl (i32.sub (local.get $in) (local.get $literal)) (i32.const 16)) (local.get $out))))

//! Bytes as letters that an address may hold: base64 with `-` and `_`, without padding.

const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The bytes as letters, digits, `-` and `_`.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            out.push(char::from(SIGNS[(word >> (18 - 6 * place) & 63) as usize]));
        }
    }
    out
}

/// The bytes again; `None` when a sign does not belong or the length cannot be.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let signs: Vec<u32> = text
        .bytes()
        .map(|byte| SIGNS.iter().position(|sign| *sign == byte).map(|place| place as u32))
        .collect::<Option<_>>()?;
    if signs.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(signs.len() * 3 / 4);
    for chunk in signs.chunks(4) {
        let word = chunk.iter().fold(0, |word, sign| word << 6 | sign) << (6 * (4 - chunk.len()));
        out.extend(word.to_be_bytes()[1..].iter().take(chunk.len() - 1));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn what_is_encoded_comes_back() {
        for length in 0..70u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(83).wrapping_add(200)).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }

    #[test]
    fn it_agrees_with_the_standard() {
        assert_eq!(encode(b"foob"), "Zm9vYg");
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn strange_signs_and_lengths_are_refused() {
        assert_eq!(decode("ab+c"), None);
        assert_eq!(decode("abcde"), None);
    }
}

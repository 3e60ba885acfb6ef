using System.Text;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Tests.Primitives;

public sealed class PrimitiveFormatTests
{
    private static bool Is(Func<byte[], bool> format, string text) => format(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("2020", true)]
    [InlineData("2020-02", true)]
    [InlineData("2020-02-29", true)]
    [InlineData("2021-02-29", false)]
    [InlineData("0000", false)]
    [InlineData("2020-00", false)]
    [InlineData("2020-13", false)]
    [InlineData("2020-1-1", false)]
    [InlineData("2020-01-00", false)]
    [InlineData("2020/01/01", false)]
    [InlineData("20200101", false)]
    [InlineData("20", false)]
    [InlineData("", false)]
    [InlineData("２０２０", false)]
    [InlineData("2020-01-01T00:00:00Z", false)]
    public void Date_is_a_year_month_or_day(string text, bool valid) =>
        Assert.Equal(valid, Is(t => DateFormat.IsDate(t), text));

    [Theory]
    [InlineData("2020", true)]
    [InlineData("2020-02-29", true)]
    [InlineData("2020-02-29T23:59:59Z", true)]
    [InlineData("2020-02-29T23:59:60Z", true)]
    [InlineData("2020-02-29T00:00:00.123456789+14:00", true)]
    [InlineData("2020-02-29T00:00:00-00:30", true)]
    [InlineData("2020-02-29T00:00:00", false)]
    [InlineData("2020-02-29T00:00Z", false)]
    [InlineData("2020-02-29T24:00:00Z", false)]
    [InlineData("2020-02-29T00:60:00Z", false)]
    [InlineData("2020-02-29T00:00:61Z", false)]
    [InlineData("2020-02-29T00:00:00.Z", false)]
    [InlineData("2020-02-29T00:00:00+15:00", false)]
    [InlineData("2020-02-29T00:00:00+14:01", false)]
    [InlineData("2020-02-29T00:00:00+1:00", false)]
    [InlineData("2020-02-29T00:00:00Zulu", false)]
    [InlineData("2020-02-29t00:00:00Z", false)]
    [InlineData("2020-02-29 00:00:00Z", false)]
    [InlineData("2020-02T00:00:00Z", false)]
    public void DateTime_with_a_time_has_seconds_and_zone(string text, bool valid)
    {
        Assert.Equal(valid, Is(t => DateFormat.IsDateTime(t), text));
        Assert.Equal(valid && text.Length > 10, Is(t => DateFormat.IsInstant(t), text));
    }

    [Theory]
    [InlineData("00:00:00", true)]
    [InlineData("23:59:60.5", true)]
    [InlineData("24:00:00", false)]
    [InlineData("12:00", false)]
    [InlineData("12:00:00.", false)]
    [InlineData("12:00:00Z", false)]
    [InlineData("1:00:00", false)]
    public void Time_has_seconds_and_no_zone(string text, bool valid) =>
        Assert.Equal(valid, Is(t => DateFormat.IsTime(t), text));

    [Theory]
    [InlineData("0", true, true, false)]
    [InlineData("1", true, true, true)]
    [InlineData("-1", true, false, false)]
    [InlineData("2147483647", true, true, true)]
    [InlineData("2147483648", false, false, false)]
    [InlineData("-2147483648", true, false, false)]
    [InlineData("-0", false, false, false)]
    [InlineData("1.0", false, false, false)]
    [InlineData("1e2", false, false, false)]
    public void Integers_have_32_bits(string text, bool integer, bool unsigned, bool positive)
    {
        Assert.Equal(integer, Is(t => PrimitiveFormat.IsInteger(t), text));
        Assert.Equal(unsigned, Is(t => PrimitiveFormat.IsUnsignedInt(t), text));
        Assert.Equal(positive, Is(t => PrimitiveFormat.IsPositiveInt(t), text));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A-1.b", true)]
    [InlineData("", false)]
    [InlineData("a_b", false)]
    [InlineData("a b", false)]
    [InlineData("é", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", false)]
    public void Id_has_1_to_64_letters_digits_hyphens_and_dots(string text, bool valid)
    {
        Assert.Equal(valid, Is(t => PrimitiveFormat.IsId(t), text));
        Assert.Equal(valid, FhirId.IsValid(text));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a b", true)]
    [InlineData(" a", false)]
    [InlineData("a ", false)]
    [InlineData("a  b", false)]
    [InlineData("a\tb", false)]
    [InlineData("", false)]
    public void Code_has_single_spaces_within_only(string text, bool valid) =>
        Assert.Equal(valid, Is(t => PrimitiveFormat.IsCode(t), text));

    [Theory]
    [InlineData("http://example.org/a?b#c", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    public void Uri_has_no_whitespace(string text, bool valid) =>
        Assert.Equal(valid, Is(t => PrimitiveFormat.IsUri(t), text));

    [Theory]
    [InlineData("urn:oid:1.2", true)]
    [InlineData("urn:oid:2.16.840.1.113883", true)]
    [InlineData("urn:oid:0.0.10", true)]
    [InlineData("urn:oid:3.1", false)]
    [InlineData("urn:oid:1", false)]
    [InlineData("urn:oid:1.", false)]
    [InlineData("urn:oid:1.02", false)]
    [InlineData("urn:oid:10.2", false)]
    [InlineData("1.2.3", false)]
    [InlineData("urn:oid:", false)]
    [InlineData("urn:oid:1.a", false)]
    public void Oid_is_a_urn_of_arcs(string text, bool valid) =>
        Assert.Equal(valid, Is(t => PrimitiveFormat.IsOid(t), text));

    [Theory]
    [InlineData("urn:uuid:0198c0de-0000-7000-8000-00000000000a", true)]
    [InlineData("urn:uuid:0198C0DE-0000-7000-8000-000000000001", false)]
    [InlineData("0198c0de-0000-7000-8000-000000000001", false)]
    [InlineData("urn:uuid:0198c0de00007000800000000000000001", false)]
    [InlineData("urn:uuid:0198c0de-0000-7000-8000-00000000000g", false)]
    [InlineData("urn:uuid:0198c0de-0000-7000-8000-0000000000011", false)]
    public void Uuid_is_a_urn_in_lower_case(string text, bool valid) =>
        Assert.Equal(valid, Is(t => PrimitiveFormat.IsUuid(t), text));

    [Theory]
    [InlineData("YQ==", true)]
    [InlineData("YWI=", true)]
    [InlineData("YWJj", true)]
    [InlineData("YWJj\nYWJj\r\n", true)]
    [InlineData("YQ= =", true)]
    [InlineData("YQ", false)]
    [InlineData("YQ=", false)]
    [InlineData("YQ===", false)]
    [InlineData("=YQ=", false)]
    [InlineData("YWJ-", false)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("====", false)]
    public void Base64_is_padded(string text, bool valid) =>
        Assert.Equal(valid, Is(t => PrimitiveFormat.IsBase64(t), text));

    [Theory]
    [InlineData("a", true)]
    [InlineData(" a ", true)]
    [InlineData("", false)]
    [InlineData(" \n", true)]
    [InlineData(" ", true)]
    public void String_is_not_empty(string text, bool valid) =>
        Assert.Equal(valid, Is(t => PrimitiveFormat.IsString(t), text));

    [Fact]
    public void String_has_at_most_one_megabyte()
    {
        Assert.True(PrimitiveFormat.IsString(Encoding.UTF8.GetBytes(new string('a', 1024 * 1024))));
        Assert.False(PrimitiveFormat.IsString(Encoding.UTF8.GetBytes(new string('a', (1024 * 1024) + 1))));
    }

    [Theory]
    [InlineData("a\t\r\nb", false)]
    [InlineData("a\u0000b", true)]
    [InlineData("\n\u001f", true)]
    public void Control_characters_are_those_below_32_but_tab_and_line_ends(string text, bool has) =>
        Assert.Equal(has, Is(t => PrimitiveFormat.HasControlCharacters(t), text));
}

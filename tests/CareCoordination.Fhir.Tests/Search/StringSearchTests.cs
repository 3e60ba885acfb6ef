using CareCoordination.Fhir.Search.Types;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#string</summary>
public sealed class StringSearchTests
{
    private const string Named =
        """ "name":[{"text":"Zoë von Łódź","family":"von Łódź","given":["Zoë","Anna Maria"],"prefix":["Dr."]}] """;

    [Theory]
    [InlineData("name=zoe", true)]
    [InlineData("name=ZOË", true)]
    [InlineData("name=von lodz", true)]
    [InlineData("name=lodz", true)]
    [InlineData("name=odz", false)]
    [InlineData("name:contains=lodz", true)]
    [InlineData("name:exact=Zoë", true)]
    [InlineData("name:exact=Zoe", false)]
    [InlineData("name:exact=Zo", false)]
    [InlineData("family=von", true)]
    [InlineData("family:exact=von Łódź", true)]
    [InlineData("given=anna  maria", true)]
    [InlineData("given=x,anna", true)]
    [InlineData("given=zoe&given=anna", true)]
    [InlineData("given=zoe&given=berta", false)]
    [InlineData("name=dr.", true)]
    [InlineData("phonetic=zoe", true)]
    [InlineData("address:missing=true", true)]
    [InlineData("name:missing=true", false)]
    public void Names_are_found_by_the_start_of_any_part(string query, bool found) =>
        Assert.Equal(found, Finds("Patient", Named, query));

    [Theory]
    [InlineData("address=main", true)]
    [InlineData("address=apt", true)]
    [InlineData("address=springfield", true)]
    [InlineData("address=usa", true)]
    [InlineData("address-city=SPRING", true)]
    [InlineData("address-postalcode=12345", true)]
    [InlineData("address-state=ny", false)]
    public void Addresses_are_found_by_the_start_of_any_part(string query, bool found) =>
        Assert.Equal(
            found,
            Finds(
                "Patient",
                """ "address":[{"line":["Main St 1","Apt 2"],"city":"Springfield","postalCode":"12345","country":"USA"}] """,
                query
            )
        );

    [Theory]
    [InlineData("Observation", """ "valueString":"Weak pulse" """, "value-string=weak")]
    [InlineData("PlanDefinition", """ "description":"Markdown *text*" """, "description=markdown")]
    [InlineData("Organization", """ "name":"A","alias":["Bee"] """, "name=bee")]
    [InlineData(
        "Patient",
        """ "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-extensions-Patient-mothersMaidenName","valueString":"Ash"}] """,
        "mothersMaidenName=ash"
    )]
    public void Strings_markdown_and_extensions_are_found(string type, string members, string query) =>
        Assert.True(Finds(type, members, query));

    [Theory]
    [InlineData("Ærøskøbing", "aeroskobing")]
    [InlineData("STRASSE", "strasse")]
    [InlineData("Straße", "strasse")]
    [InlineData("  a \t b  ", "a b")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("Ἀθῆναι", "αθηναι")]
    [InlineData("Йод", "иод")]
    [InlineData("東京", "東京")]
    [InlineData("", "")]
    public void Folding_removes_case_accents_and_superfluous_blanks(string text, string folded) =>
        Assert.Equal(folded, StringParameter.Fold(text));

    [Fact]
    public void Folding_keeps_the_first_128_characters()
    {
        Assert.Equal(new string('a', 128), StringParameter.Fold(new string('A', 1000)));
        Assert.Equal(new string('s', 128), StringParameter.Fold(new string('ß', 1000)));
    }

    [Fact]
    public void A_long_string_is_found_by_its_start_and_exactly()
    {
        var text = new string('x', 300) + "y";
        Assert.True(Finds("Organization", $""" "name":"{text}" """, $"name={text}"));
        Assert.True(Finds("Organization", $""" "name":"{text}" """, $"name:exact={text}"));
        Assert.False(Finds("Organization", $""" "name":"{text}" """, $"name:exact={text}z"));
    }

    /// <summary>A string of 600 characters in which no part is like another.</summary>
    private static readonly string Long = string.Concat(Enumerable.Range(0, 150).Select(i => $"a{i:000}"));

    [Theory]
    [InlineData(0, 128)]
    [InlineData(0, 129)]
    [InlineData(0, 192)]
    [InlineData(0, 193)]
    [InlineData(0, 200)]
    [InlineData(0, 599)]
    [InlineData(0, 600)]
    public void A_string_is_found_by_its_beginning_however_long_that_is(int from, int length)
    {
        var asked = Long.Substring(from, length);
        Assert.True(Finds("Organization", $""" "name":"{Long}" """, $"name={asked}"));
        Assert.True(Finds("Organization", $""" "name":"{Long}" """, $"name=x,{asked.ToUpperInvariant()}"));
        Assert.False(Finds("Organization", $""" "name":"{Long}" """, $"name={asked[..^1]}z"));
        Assert.False(Finds("Organization", $""" "name":"{Long[..^1]}" """, $"name={Long}"));
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(300)]
    [InlineData(400)]
    public void A_string_of_one_letter_is_found_by_no_longer_one(int length)
    {
        var stored = new string('y', length);
        Assert.True(Finds("Organization", $""" "name":"{stored}" """, $"name={stored}"));
        Assert.False(Finds("Organization", $""" "name":"{stored}" """, $"name={stored}y"));
        Assert.False(Finds("Organization", $""" "name":"{stored}" """, $"name={stored}{new string('y', 100)}"));
    }

    [Fact]
    public void A_part_of_a_string_is_found_wherever_it_is()
    {
        for (var at = 0; at + StringParameter.MaxPart <= Long.Length; at += 7)
        {
            var part = Long.Substring(at, StringParameter.MaxPart);
            Assert.True(Finds("Organization", $""" "name":"{Long}" """, $"name:contains={part}"), $"{at}");
            Assert.True(Finds("Organization", $""" "name":"{Long}" """, $"name:contains=x,y,{part[1..]}"), $"{at}");
            Assert.False(Finds("Organization", $""" "name":"{Long}" """, $"name:contains={part[..^1]}z"), $"{at}");
        }
    }

    [Theory]
    [InlineData("👍")]
    [InlineData("ß")]
    [InlineData("a ")]
    [InlineData(" - b")]
    [InlineData("Ǽ")]
    public void A_long_string_of_such_letters_is_found_by_all_of_it(string letters)
    {
        var text = string.Concat(Enumerable.Repeat(letters, 90)) + "!end";
        Assert.True(Finds("Organization", $""" "name":"{text}" """, $"name={text}"));
        Assert.True(Finds("Organization", $""" "name":"{text}" """, "name:contains=end"));
        Assert.True(Finds("Organization", $""" "name":"{text}" """, $"name:exact={text}"));
    }

    [Fact]
    public void Of_several_long_strings_of_one_beginning_each_is_found_by_its_own_end()
    {
        var same = Long[..200];
        var members = $""" "name":"{same}alpha","alias":["{same}beta"] """;
        Assert.True(Finds("Organization", members, $"name={same}alpha"));
        Assert.True(Finds("Organization", members, $"name={same}beta"));
        Assert.False(Finds("Organization", members, $"name={same}gamma"));
    }

    [Fact]
    public void Words_of_a_long_name_are_found_by_their_start()
    {
        var family = string.Join(' ', Enumerable.Range(100, 60).Select(i => $"name{i}"));
        Assert.True(Finds("Patient", $$""" "name":[{"family":"{{family}}"}] """, "family=name159"));
        Assert.True(Finds("Patient", $$""" "name":[{"family":"{{family}}"}] """, "family=name130 name131"));
        Assert.False(Finds("Patient", $$""" "name":[{"family":"{{family}}"}] """, "family=ame159"));
    }

    [Fact]
    public void What_is_too_long_to_compare_is_refused()
    {
        Assert.Equal(
            ["'name' compares 1024 characters at most; give fewer, or the whole text with name:exact."],
            Refusal("Organization", $"name={new string('x', 1025)}")
        );
        Assert.Equal(
            ["'name:contains' compares 64 characters at most; give fewer, or the whole text with name:exact."],
            Refusal("Organization", $"name:contains={new string('x', 65)}")
        );
        Assert.Equal(
            [
                "'name' has more than 2 alternatives of which one has more than 128 characters; shorten it, or search by each.",
            ],
            Refusal("Organization", $"name=a,b,{new string('x', 129)}")
        );
        Assert.Empty(Refusal("Organization", $"name:exact={new string('x', 5000)}"));
        Assert.Empty(Refusal("Organization", $"name={new string('ß', 512)}"));
    }

    [Theory]
    [InlineData("Catherine", "Katherine", true)]
    [InlineData("Katherine", "catherine", true)]
    [InlineData("Smith", "Smyth", true)]
    [InlineData("Schmidt", "Smith", true)]
    [InlineData("Philip", "Filip", true)]
    [InlineData("Knight", "Night", true)]
    [InlineData("Wrigley", "Rigley", true)]
    [InlineData("Meyer", "Maier", true)]
    [InlineData("Cecil", "Sesil", true)]
    [InlineData("Zoë", "Soe", true)]
    [InlineData("Tymczak", "Tymzak", true)]
    [InlineData("Pfister", "Pfisster", true)]
    [InlineData("García", "Garsia", true)]
    [InlineData("Robert", "Rubin", false)]
    [InlineData("Smith", "Jones", false)]
    [InlineData("東京", "東京", true)]
    [InlineData("東京", "京都", false)]
    public void Phonetic_finds_a_word_that_sounds_so(string stored, string asked, bool found)
    {
        Assert.Equal(found, Finds("Patient", $$""" "name":[{"family":"{{stored}}"}] """, $"phonetic={asked}"));
        Assert.Equal(
            found,
            Finds("Practitioner", $$""" "name":[{"given":["x","{{stored}}"]}] """, $"phonetic={asked}")
        );
        Assert.Equal(found, Finds("Organization", $""" "name":"Bob {stored}" """, $"phonetic={asked}"));
    }

    [Theory]
    [InlineData("phonetic=ann&phonetic=smith", true)]
    [InlineData("phonetic=ann&phonetic=jones", false)]
    [InlineData("phonetic=jones,smith", true)]
    [InlineData("phonetic:missing=false", true)]
    public void Phonetic_takes_each_word_by_itself(string query, bool found) =>
        Assert.Equal(found, Finds("Patient", """ "name":[{"family":"Smyth","given":["Anne"]}] """, query));

    [Theory]
    [InlineData(
        "phonetic:exact=a",
        "Modifier ':exact' is not offered for the string parameter 'phonetic'; use :missing or none."
    )]
    [InlineData(
        "phonetic=ann smith",
        "'phonetic' compares the sound of one word; give each in a parameter of its own, as phonetic=ann&phonetic=smith."
    )]
    public void Phonetic_refuses_what_has_no_sound(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("Patient", query));

    [Theory]
    [InlineData(
        "name:text=a",
        "Modifier ':text' is not offered for the string parameter 'name'; use :contains, :exact, :missing or none."
    )]
    [InlineData("name= ", "'name' has nothing to compare with; give some letters or digits.")]
    public void What_cannot_be_understood_is_refused(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("Patient", query));
}

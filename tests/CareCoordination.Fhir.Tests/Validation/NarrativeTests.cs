using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Tests.Validation;

/// <summary>https://hl7.org/fhir/R4/narrative.html#xhtml. What is refused are ways to run something in the browser of who reads it.</summary>
public sealed class NarrativeTests
{
    private const string Start = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";

    [Theory]
    [InlineData("text")]
    [InlineData("<p>a &amp; b &lt; c &gt; d &quot; &apos; &#160; &#xA0;<br/></p><!-- c -->")]
    [InlineData("<img src=\"#a\" alt=\"\"/>")]
    [InlineData("<img src=\"data:image/png;base64,iVBORw0KGgo=\" alt=\"x\"/>")]
    [InlineData("<a href=\"http://a.org/x?y=javascript:z\">a</a>")]
    [InlineData("<a href=\"HTTPS://a.org\" title=\"x\" target=\"_blank\">a</a>")]
    [InlineData("<a href=\"mailto:a@b.org\">a</a><a href=\"tel:+1\">b</a><a href=\"urn:oid:1.2\">c</a>")]
    [InlineData("<a href=\"Patient/1\">a</a><a href=\"?x=a:b\">b</a><a href=\"#x:y\">c</a><a href=\"a/b:c\">d</a>")]
    [InlineData("<address>a</address><bdo dir=\"rtl\">b</bdo>")]
    [InlineData("<![CDATA[a < b && c]]>")]
    [InlineData("<![CDATA[<b>]]>")]
    [InlineData("<p style=\"color: red; font-family: 'Curly', serif; scroll-behavior: smooth\" class=\"a b\">a</p>")]
    [InlineData(
        "<p style=\"background-image: url(tbl_bck1.png); background: URL('data:image/png;base64,iVBORw0KGgo=')\">a</p>"
    )]
    [InlineData("<p xml:lang=\"de\" lang=\"de\" xml:space=\"preserve\">a</p>")]
    [InlineData(
        "<table border=\"1\" summary=\"s\"><colgroup><col width=\"1\" span=\"2\"/></colgroup><tr><td colspan=\"2\">a</td></tr></table>"
    )]
    [InlineData("<ol start=\"3\" type=\"a\"><li value=\"4\">a</li></ol><dl><dt>a</dt><dd>b</dd></dl><hr size=\"1\"/>")]
    [InlineData(
        "<q cite=\"http://a.org\">a</q><ins datetime=\"2020\">b</ins><del>c</del><map name=\"m\"><area href=\"#a\" alt=\"x\"/></map>"
    )]
    public void Takes_formatting_links_tables_and_images(string content) =>
        Assert.Equal("", Fault(Start + content + "</div>"));

    [Theory]
    [InlineData("<x:div xmlns:x=\"http://www.w3.org/1999/xhtml\"><x:p>a</x:p></x:div>")]
    [InlineData(" \n<div xmlns='http://www.w3.org/1999/xhtml'>a</div>\n ")]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:x=\"urn:x\">a</div>")]
    public void Takes_every_way_to_write_the_namespace(string div) => Assert.Equal("", Fault(div));

    public static TheoryData<string> Unsafe =>
        [
            "<script>alert(1)</script>",
            "<SCRIPT>alert(1)</SCRIPT>",
            "<p onclick=\"alert(1)\">a</p>",
            "<p\fonclick=\"alert(1)\">a</p>",
            "<p ONCLICK=\"alert(1)\">a</p>",
            "<img src=\"x\" onerror=\"alert(1)\"/>",
            "<a href=\"javascript:alert(1)\">a</a>",
            "<a href=\"JaVaScRiPt:alert(1)\">a</a>",
            "<a href=\"&#106;avascript:alert(1)\">a</a>",
            "<a href=\"&#x6A;&#x61;vascript:alert(1)\">a</a>",
            "<a href=\"java&#9;script:alert(1)\">a</a>",
            "<a href=\"java&#10;script:alert(1)\">a</a>",
            "<a href=\"&#32;&#9;javascript:alert(1)\">a</a>",
            "<a href=\"&#x80;javascript:alert(1)\">a</a>",
            "<a href=\"vbscript:x\">a</a>",
            "<a href=\"data:text/html,x\">a</a>",
            "<a href=\"data:image/png;base64,x\">a</a>",
            "<a href=\"blob:x\">a</a>",
            "<a href=\"file:///etc/passwd\">a</a>",
            "<img src=\"data:image/svg+xml;base64,x\"/>",
            "<img src=\"data:text/html,x\"/>",
            "<img src=\"data:image/pngx,x\"/>",
            "<img src=\"javascript:alert(1)\"/>",
            "<q cite=\"javascript:alert(1)\">a</q>",
            "<img src=\"#a\" longdesc=\"javascript:alert(1)\"/>",
            "<map name=\"m\"><area href=\"javascript:alert(1)\"/></map>",
            "<!--><img src=\"#x\"/>-->a",
            "<!---><img src=\"#x\"/>-->a",
            "<!-- --!><script>alert(1)</script> -->a",
            "<!-- a -- b -->a",
            "<![CDATA[><img src=x onerror=alert(1)>]]>",
            "<p style=\"background: url(javascript:alert(1))\">a</p>",
            "<p style=\"background: URL( 'javascript:alert(1)' )\">a</p>",
            "<p style=\"background: url(x.png) url(data:text/html,x)\">a</p>",
            "<p style=\"width: expression(alert(1))\">a</p>",
            "<p style=\"width: expr/**/ession(alert(1))\">a</p>",
            "<p style=\"width: e\\78pression(alert(1))\">a</p>",
            "<p style=\"background: &#117;rl(vbscript:x)\">a</p>",
            "<p style=\"@import 'x'\">a</p>",
            "<style>p { color: red }</style>a",
            "<link rel=\"stylesheet\" href=\"http://a.org\"/>a",
            "<iframe src=\"http://a.org\">a</iframe>",
            "<object data=\"http://a.org\">a</object>",
            "<embed src=\"http://a.org\"/>a",
            "<form action=\"http://a.org\">a<input name=\"x\"/></form>",
            "<button>a</button>",
            "<base href=\"http://a.org\"/>a",
            "<meta http-equiv=\"refresh\" content=\"0\"/>a",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>a",
            "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mtext>a</mtext></math>",
            "<p xmlns=\"urn:x\">a</p>",
            "<x:p xmlns:x=\"urn:x\">a</x:p>",
            "<p xlink:href=\"x\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">a</p>",
            "<p formaction=\"x\">a</p>",
            "<p contenteditable=\"true\" autofocus=\"\">a</p>",
            "<p srcdoc=\"x\">a</p>",
            "<img src=\"#a\" srcset=\"http://a.org/x 2x\"/>",
            "<a ping=\"http://a.org\" href=\"#a\">a</a>",
            "<table background=\"http://a.org/x\"><tr><td>a</td></tr></table>",
            "<?php echo 1 ?>a",
            "<?xml-stylesheet href=\"x\"?>a",
        ];

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void Refuses_what_can_run_load_or_hide_something(string content) =>
        Assert.NotEqual("", Fault(Start + content + "</div>"));

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("<p xmlns=\"http://www.w3.org/1999/xhtml\">a</p>")]
    [InlineData("<div>a</div>")]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/html\">a</div>")]
    [InlineData("<DIV xmlns=\"http://www.w3.org/1999/xhtml\">a</DIV>")]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\"/>")]
    [InlineData(Start + "</div>")]
    [InlineData(Start + " \r\n\t<p/> <br/></div>")]
    [InlineData(Start + "<!-- a --></div>")]
    [InlineData(Start + "a")]
    [InlineData(Start + "a</p></div>")]
    [InlineData(Start + "<p>a</div></p>")]
    [InlineData(Start + "a</div>b")]
    [InlineData(Start + "a</div>" + Start + "b</div>")]
    [InlineData(Start + "a & b</div>")]
    [InlineData(Start + "a&nbsp;b</div>")]
    [InlineData(Start + "&copy;</div>")]
    [InlineData(Start + "a &#1; b</div>")]
    [InlineData(Start + "a \u0001 b</div>")]
    [InlineData(Start + "a \ufffe b</div>")]
    [InlineData(Start + "<p class=x>a</p></div>")]
    [InlineData(Start + "<p class>a</p></div>")]
    [InlineData(Start + "<p class=\"a\" class=\"b\">a</p></div>")]
    [InlineData(Start + "<p title=\"a<b\">a</p></div>")]
    [InlineData("<!DOCTYPE div>" + Start + "a</div>")]
    [InlineData("<!DOCTYPE div [<!ENTITY x \"y\">]>" + Start + "&x;</div>")]
    [InlineData("<!DOCTYPE div [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + Start + "&x;</div>")]
    [InlineData("<?xml version=\"1.0\"?>" + Start + "a</div>")]
    public void Refuses_what_is_no_div_of_XHTML_with_content(string div) => Assert.NotEqual("", Fault(div));

    [Theory]
    [InlineData(Start + "\n<p>a</p>\n <script>b</script></div>", 3, 3)]
    [InlineData(Start + "<p>&nbsp;</p></div>", 1, 47)]
    [InlineData(Start + "\n\n<p onclick=\"x\">a</p></div>", 3, 4)]
    [InlineData("<div>a</div>", 1, 2)]
    public void Says_where_it_is_wrong(string div, int line, int column)
    {
        var fault = Narrative.FaultOf(Encoding.UTF8.GetBytes(div));

        Assert.Equal((line, column), (fault?.Line, fault?.Column));
    }

    [Fact]
    public void Says_nothing_of_what_the_text_is()
    {
        foreach (
            var div in new[]
            {
                "<p>Jane Roe</b>",
                "Jane Roe & co",
                "<p x=\"Jane Roe\" x=\"Jane Roe\"/>",
                "<Roe>Jane</Roe>",
            }
        )
            Assert.DoesNotContain("Jane", Fault(Start + div + "</div>"), StringComparison.Ordinal);
    }

    [Fact]
    public void Is_reported_at_the_narrative_it_is_in() =>
        Check.Issues(
            Composition("<div>a</div>"),
            "Value Composition.section[0].text.div: Line 1, position 2 of the XHTML: <div> is not in the namespace http://www.w3.org/1999/xhtml; declare it on the div."
        );

    [Theory]
    [InlineData("<img src=\"#x\" alt=\"\"/>")]
    [InlineData("a<a href=\"#x\">b</a>")]
    [InlineData("a<a href=\"&#35;x\">b</a>")]
    public void A_link_or_image_refers_to_a_contained_resource(string content)
    {
        Check.Issues(Containing(content));
        Check.Issues(
            Containing("a"),
            "Invariant Basic.contained[0]: dom-3: nothing refers to this contained resource; refer to it by '#' and its id, or remove it."
        );
    }

    [Fact]
    public void Is_read_in_one_pass_however_deep_and_long_it_is()
    {
        var deep =
            string.Concat(Enumerable.Repeat("<b>", 100_000)) + "a" + string.Concat(Enumerable.Repeat("</b>", 100_000));
        var wide = string.Concat(Enumerable.Repeat("<p class=\"a\">&amp;</p>", 30_000));

        Assert.Equal("", Fault(Start + deep + wide + "</div>"));
    }

    private static string Fault(string div) => Narrative.FaultOf(Encoding.UTF8.GetBytes(div))?.ToString() ?? "";

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private static string Composition(string div) =>
        $$$"""{"resourceType":"Composition","status":"final","type":{"text":"x"},"date":"2020","author":[{"display":"x"}],"title":"x","section":[{"text":{"status":"generated","div":{{{Json(div)}}}}}]}""";

    private static string Containing(string content) =>
        $$$"""{"resourceType":"Basic","contained":[{"resourceType":"Binary","id":"x","contentType":"image/png"}],"text":{"status":"generated","div":{{{Json(Start + content + "</div>")}}}},"code":{"text":"x"}}""";
}

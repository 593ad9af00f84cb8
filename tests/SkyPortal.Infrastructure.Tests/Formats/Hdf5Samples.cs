using System.IO.Compression;

namespace SkyPortal.Infrastructure.Tests.Formats;

/// <summary>
/// Small HDF5 files that others wrote, packed with gzip: three rows of mjd, flux (the second missing), exp_time (integers) and filter
/// (text), as pandas 1.5.3 over PyTables 3.7.0 and h5py 3.7.0 write them (Debian packages python3-pandas, python3-tables and
/// python3-h5py).
/// </summary>
/// <remarks>
/// <code>
/// d = pd.DataFrame({'mjd': [58000.0, 58000.1, 58000.2], 'flux': [10.5, np.nan, 11.5], 'exp_time': [30, 30, 31], 'filter': ['ztfg', 'ztfr', 'ztfg']})
/// def image(f, **k):
///     with pd.HDFStore('m.h5', mode='w', driver='H5FD_CORE', driver_core_backing_store=0) as s:
///         s.put('phot', f, **k); return s._handle.get_file_image()
/// Table = image(d, format='table', index=None)
/// DataColumns = image(d, format='table', data_columns=True, index=None)
/// Fixed = image(d.drop(columns='filter'), format='fixed')
/// Objects = image(d, format='fixed')
/// Zlib = d.to_hdf('z.h5', key='phot', mode='w', format='table', complevel=5, complib='zlib', index=False)
/// Blosc = the same with complib='blosc'
/// Plain = with h5py.File(b, 'w') as h:
///     for c in d: h.create_dataset(c, data=d[c].to_numpy('S4' if c == 'filter' else None), chunks=(2,), compression='gzip', shuffle=True)
/// each as base64.b64encode(gzip.compress(data, 9, mtime=0))
/// </code>
/// </remarks>
internal static class Hdf5Samples
{
    public static byte[] Table { get; } = Unpacked(
        "H4sIAAAAAAACA+3YTVPbRhjAcRmDcQVJIdCZtENbDknLZKYey7yEngoppnjGAQYctz05AstAMbbGEgzppT22tx76AXLsvZcec+zH6LGHHnrsjWpXK3slGwZKD5nJ/xcywtI+u3pWu9rFP26srd8x3zMNIZs1ho0JQ3eh/DSTin2Orj9Xx5Q6"
        + "/qCOvwxF5zPy2n11fkLVP5sOP/+hzld2ikVR+iIhaudVJjxmDbyJNoqr2+L4VXcchX4fipdzD9u+Ph43btnupGopOa7Hjdnu+BazplKqlIMBbExNhG0PyR9Rbk4rlzU+L6/u7qpyI9p9frGz9Ww7Vj4r/1WLO7ulrU1ZPq2Vt3J5dR/Lqvx9"
        + "WX7768rqk3Jxt7a+tfN0tVK7LL6Qs1Tc5MD5mVUT7fnw9ebnyzvMT+Zn//w8zMTL+fZe0/kf5+fu5tZaSs4WZTi+Hs2pzxsZntF13nPJ/nr93nPjsrxrt+q2V/NfuI48L+LGtLhGxz5xatFoE/F5Ff+2Hn/mdLyjdiuMz2jx+Zy1mCvo7Y7J"
        + "OFljr1kZN6HF2a7rBDWLQvIWxtUIj+KPWnXnvLbfbnoqPvj/rj5em27enCvlzaosabqW6bsF084Z0fNwY/1wZjdPHa9XoajvSbK+qiq112zvH9fyolI7fs4yRSPxcwXTne823Gs37L9Wu1ULc7HPHS9sd7U/D8sMfrHM6sk39bCFRvP0XNZb"
        + "dc7dmn904pjugjh/1PSdjukumrbvLun5Rs/tjmy3bvu2yPb0pOVF+WaS7eb6x1fLbtU6jts3voLziXbekuWd1n67ftQ6iOZHchw/q6x/shwbx6NhXKfT7nj948nzO0f7vt7OqHyCTefMEY9uIhutnSux91eq2w+/qc8jahw12lH+P+v514P8"
        + "RbfXRbe3ghHoiY4PumXe3LS9qhi5oserpXB4LZqeFw21JRH12PT6hsuyuPBp8kIwZqy8bMhKXgqGjlWQl+ZNLxfe9/vyHudS8X3Gn3fV3w0j4TFtvJLlPgreQw+Co7y1aE3R+ih+i+H5R0ZvLkbbwsnZz7oxC2PGwkXw8ONZhHufR2rvktL6"
        + "8tL2gvfCrIoZTsRMqXPiKcn7SIeXsmqHlR4acqfDojOjYYrSPdWSKPz9r6njy9a3w3HWqv8ipfo/lUqpcRb/+/a665fcXd9g/SrkHt9wHY2/79ZLxfJaLV/bXH1aHPQeiuZHb53S46xY3F0tLjl/BscXrhdvXRY/f734Qjx+XMt7vVQuJ+ei"
        + "/l40uu/HlW78tJZ/FD/oPTC4nkH3UbjBfeQH9kMUP5V4X/TH6fuE4+DQW39GY8/ddw6cThC3reKm9f2Aeq69CgbuM8Jl2eouy7F9xvJV9Z44vt2td0irdzOXjH9nUHw92kEl82o027a/tGD09k0D2rfieU335dXbW1gqpSvzsW6ZjxXPJz4/"
        + "RTbG1fkU4vnc68sn2h1Z2n5s+ar6bpdP4fLns/fCd7z5gjZeM3KebO5sfbl7xfxIa9/zpQZ8j/D3xeD39suZ+GexaAoPWNIAAHgz7PwVbiqMhysfqFPf+o2DaI8xH0h3y/zznVamE30f0AhkumU+XvlQq4cOBgAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIDXx78ffVF/kBwBAA==");

    public static byte[] DataColumns { get; } = Unpacked(
        "H4sIAAAAAAACA+3ZTU8bRxjA8TUmxl0gQEkrWjUtqlKVSy2/Qeip0MYUJAIIiNuezAYvhMbYK++CSC/NMZX6QXKs1C/QYz5Cj/0APfTYG92ZnV3P2EuANIdI+f9ItNllnpnxs/MW+GX13sq4/aFtCfm8NWxNWrpz5cXtjHEff39PXTPq+kxd"
        + "nw/Fz3PyezPq+aSqfzYb3f+lnu9u12qi9HmfuJ0/ctE1b+FttFpb3hLX75NxFHkxZJbzHnUCfTyu/s92p1RL/eN6zJpNxreYNbtru+vhALamJ6O2h+QfUW5OK5e3vllf3tlR5W5o/fx2e/PBllE+L7/qte2dtc0NWT6rlS8Viqofi6r8jCy/"
        + "9cPu8tfrtZ3Gyub2/eXdxkXx5UJJxU2lzs+8mmhnw1ebnzM3mZ/Mz8H5+Shnlguchy33Nc7PnY3Nexk5W5Rhcz+aU/erOd7RVda5/ny9eevcmCzvOe2m4zeCJ54rn4u4US3uoOscu414tIn4ooqf0ONP3a5/1GlH8TktvlgozRfKerujMk7W"
        + "2GtWxk1qcY7nuWHNopDswpga4XH8UbvpnjX2Oy1fxYd/P9DHa8sr2nNrRbsuS9peyQ68su0UrPh97Bl5OHVaJ67fq1DUV+mvr378Y1PU5NQPWidhnWF9dffMawRHx67tVcTzo1bgdm2vGrc0ZnlGvtqddiPqu3Pm+lE7y4P9LtnhP0qqwXLS"
        + "YMVosKo1OG87gbeQ9vnGZbtNJ3DEpzs5bvuv9/OZ46/ttBtd1xsYf+HzvvHzjizvtvc7zaP2YTx/+sf5g92VLxaNdkaiuG630/UHx5sfdI/2A72dEfmGW+6pK17tZD7eW5eM9S2T5O03dX9DjbODTpyvX/V8NcN8idfUFK+pHY5QX+QrTGPF"
        + "3nD8uhjZIk31tWj4zdu+Hw/FBRF11/ajdC+Kuy/DuyjnpaKssxQ+6KW+VJYPK6KUegOlqnwU1luI+vup7NuzjHn+2Jsw16GsNZsRRd4Pk3wnvMouXWFd0/MWdvtKZ5Sp2a+SmOqoVT0PB4T4kPq+dp3YOB/JWekafY7SZqlV+GLTausTb1+u"
        + "y9noledVa9mhoefvRUU/GolSKL2rWhKFn/6eeXzRvvp0jD3yVWRU/jOZjBrH5v+rr7pvylP9NfbNcuHuNffvorHurqzV1u81io2N5fu1tPUtnn/pcSUjTu9XPAfT48pG3LC+n6v5lx5XMeLyWlw899Ljqkacvh7H8663/4/L9TjOy8ra+nr/"
        + "XNXXYytZl5eS+FtafuL4tPXi6vWUX6GetM9TucbnSc9jHD+tYi6O089Bj8NLb/8cMcZX4B6GL6DX32jfDcePFhW1N3HheaAwsG+L+GM3cPT4IS1+o9DfXzuJa/aOfQP9PWh1nGChqvU3ihPjVu/wtGWeF6P+qi007HB/uzJe6/Dl/R3txTXN"
        + "c2p6f+P3fDM6n6j5EvdZtHdroL/aDq8OVL32++pRfb+83xNmnOr74Lojeq3Ph+gcHM3XXqan5d42kOf4EJIcOHvtG/UkGb+83+N6XJLx/nw/fBK4fqWsxeVkixvbm9/tvGTeZbWfj2ZSfv7yz3n6vvPnbfNebPrCHbZkAADeDtt/R4cK67Ol"
        + "j9Wjn4KDw/iMUQllkzL//qyV6ca/XjsI5ZIyny99otVDggEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADgzfEfALE8"
        + "wMgdAQA=");

    public static byte[] Fixed { get; } = Unpacked(
        "H4sIAAAAAAACA+1Zz08TQRSe2dKyQNUiEKoG5WLkYtMiJr3ZKq0lqbTZFgKnUukCK+222d2ScpIj/iccTbx49MjRP8GjBw8cvWF35s12dre/ABWM+yCZvNn35s3u+97MN9MPmeX0rfH748gUUUQjKIR4OQdJPLLr7PkWtBjaY2hPBNYfIM/C"
        + "0B+C8ed9VP8G/UUplTKtzx3C4nwJ0FZEnvyPkkkl82a7YeGIyqlgt2vs1Q0ej5krxp2ESE5cB9G8hW+zaoorxWwbwGgqRGML5N+0W+DsRPQqmywUwM7PzfO1lFvL2+xF8reekgoruVVi7+PsY5EozCMO9mFin98sJl9mU4VSOie9SRZLvfwX"
        + "IzHwm+panyIU2nc8XH2iCdrEPah69cnhbC9gtyu3FD0KrYnAt9X69n60dFCuNmW9oyuGXDNVqsccz2Od54XV3DIm1QIyYo+/AHom4OWon7C6j89QPY9u2joXBfsgsW+U1UpZLxmHDZn0O+PsaOWabPO7w/sdyJqu1FXqF+D8opHY88gi7zdG"
        + "/GR1u15R1F32vZzx1orpp3Hbe41SP02ra7o7jm5oyrbBx/GTN1MrSo3kQ2RcJ2HDs2DlhfndJnFIXbXLRFNk4xDmN8r5afJus1rWyHfA3IAs75lpqp85cOFrj22aTgH38oMuCAKmfIzuHD6cCVKPsM3/LryFaXz0Ce8Pi5OkJCU3L4CTxcjS"
        + "hfDKhK4fAWv9OBsbVCfAc2f62y0wvnCvvx37Wp9nB6yvbD2d62/H9t+jB393/ai9q9C6qzZbZiu3GiVDqcnIsR/YPr70g4IbPU48a4vP0n++32lLwNKfJMzxzbEfgitr4VjiiueJJ5544oknnvx5wcBkMMbAG5GtdfLidDa5npPcvE9t1hqH"
        + "tnuNCcKLDa2s6o26LlOagaYtH9HGL7Arnp/E21fUCuPtTh5usnqnvUqPD4T3Cpz9asTOm/dmneclNy+PDcXLg6TvKx7ue/ra8XGXc0Jvfr71T/Hzm4QXPl+Kasi7snZpvOThPLDhwotIz3/kgkMfeP7DaJz0HVt4gfkIdrwIDtx09DDxn5x/"
        + "YcVZmkBL52DYG0ctwFHUw1EXHLE8h+aceWbjzpB58Pdc3PIwcH047bE+CK78ds7tI33zeQL5FL18XsM+wur4aEAdY0cd40vvAx+9faBPvtnvPc574671G/t99YtdeR323u3Uq99rrN9fikH0KUAfAAA=");

    public static byte[] Objects { get; } = Unpacked(
        "H4sIAAAAAAACA+3bPWwb1x0AcB5pyYytNkwdI3aLtMpQVB0iSKoLqF0i1pajVIokSLLhDIVCS7TFWKIEkjLsokC1tJUBbWGn7kXHAF0ydsyYsWPHDB0ydnPE+6B4pw/LypfR/H42/Hy8/+M78r1397970pOpGze/d+GHF3IdxWLuXK6U6/U0"
        + "tlsupbaT/e/HZRCXu3H5j3zyen+470r8eil+/8FCtP2f+PWlhcnJTvTTjKSdf/VHZTHHd9HUZHm+U97pjqPIJ/l03NbaZqt3PE59yXZfiVvKjuuB3GB3fHdmzdI7SzP7Azh3qRS1nQ//duKGeuKKuesz5cXFOK6v5zjfXpi7NZ+KL4Z/bk8u"
        + "LL4zNxvGF3riR4dH4uMYj+OvhPHz7y2VfzMzubh8c27h3fLS8nH1x4ZH43qXj5yfxXiifRacbn7mLkbFHUP1Oz0/P4q3H8Xl/ODzzZfntTg7dyMIZ0vsXPp6NBRvT/Xro5Mk8378ctxvuRftPDcSxw+E8VuV+mqludx6vFUNX8+2c69R2aim"
        + "6r3cW+9htdGsbdajev099UaGR385PNZb76WwXrW+srlaq99Pvq9se7eWbr45nvpc56N6jcZmo3m4nWarUVtp9bbTF36y+mptI+yPYpLrTKTGc77bL0m974ftVB7VmiPLDyuNWrX1OD6+8z31GtX72+uVRvg9BD1vmPT71KvR9ueZcVHYf+9O"
        + "6KU49+qLt/P5fBDlY9GVoxBMDUQ1BlP1fxB/ik7wzj+DB6cdJ+WFhfJ7zzFOxoavnek8E50/it3zx+cvPWuexHnu5ZPjhpJ84erJccl19+PXnnF+jcu110+OG4/LnR+dHLcWlxO/PjkuuZ5P/OTkuI0PVqN5t74dnvqrj7aWW7WN6r3aeqva"
        + "OIjLjuPQwn+jQZ776cQv9hW62//74719/d3tn0102um08eO4alImh3dcuwDAVy+IM5kgCHpvw7plNi++OVO+PbdwOO+rb29sPU4917gY5sWtRqXe3NpsVqM0I/dqt04xlVcEh9rrC9t7UKuvJnl7Ng/vZPXZ+Hp0+xDmvfme+NnhdN689lr2"
        + "fulwXj56qrx8IHzt0+Do77PQzceTshTGZ+8Tjs/P1wbSGeeLnZ+/SOOlt79q9Vb1/n5iedbxMn81nVcfjJdidP93d31z5UHz2Pu/Qve4L4Sv7XbHS3w8+fR4yWfqHWxfCeu/MvhWt51rF3PXnsaBx4+jnXgcjRhHR4yjpJ9Lr2f7ebz7vLVz"
        + "HGE3jyzXWtWNZs/p4Znnh0+OOT/kD/XvwX37uRP786O4P4v681u4jiTzeOcZ8/jw/D/rdeBj14FTzN/PfnWK+Tv61c3f4FC/nva526fm77c6f0tHPk/NvZEeP9nn7Lvx+Ho/s7/bz4Vcup/z+TtvHCTbpbP0c++4vD0T9fTpn8NfS+e9/enn"
        + "nFnh8+i47Kw0xte7h5X17WrzYDucP7lkezSzfzSzfyyzf+xgf5B5/nnW+5bkfZL1zYP87GK0vro4eevGXHlp7t2DdYDecbR594Nq57l+Z700OHK9tHTkceyWDx9Z7/NmAOD/z9vX52aCngt+kk/8PS53+v76t/i/e5fD5Hh4ZbNRHd7YXm/V"
        + "Ko1G5XF7b2C5UV3ZrO+nstsrrfaH7b2+MLC9d76+GoV82J7O/al9Pbjb/kt7oT00HUwXpoM/t9cKe32rnR+l6FTKz423n+xG+wt7wR/as7Ozv+2kLuE/02+12nef/K49tHfu961799th0WivXaruvz588HnGX9anAAAAkJX8PMbV+BFAKZde"
        + "1/qy62DJ77Flfx/myHXNsW9mXbNzCMeva/47XtdM/+KOdc2k377edU0Avhmd5/y7P0+f4wEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAnscXdg8MJIhBEAA=");

    public static byte[] Zlib { get; } = Unpacked(
        "H4sIAAAAAAACA+1ZXWgjVRS+k7RpnLa7aRthle5asUoMbMxMfxXFZm1qU7JpN8nGnwdnp8nNJjadjJlpySLoPi0Kgj6s+Cj65MqCQlUUfOiLIOqLDwq+SEFfZJEFQfax3nvnzuTeyaS01gfROW2ZzrnnO+eec8+556R9fXlxaVi8VwSYwmHQ"
        + "ByKApX1Kb57m3+31S/Qp0Odr9PlBwOaHyNopyo9Q/RNB632P8ov5dBpL77vItrMbsp5h4NP/kZbTqTX8fNbJI4u+DvByeq1psvm4fEy7I9SSO6+HwIST37hqipliFiUwGItYtgPkG8vFGLkweCqbKhSoXD+zz6fzqxfXOPkw+Sql84XMao7I"
        + "Bxl5KZGk+5in8qeI/NpzxdS5bLqgLK3mz6eKSi+8nJAobsSzPsO00C71Ha4+94b9+vTrs7s+ayFezlTXG/AfrM9CbnVRINVCqY/vRzH6vhzyz+gw95w7Xv++e26IyOuqVlENxbyiQ8LHuEEGV22pm1Cxsw3jkxR/ksVvw5ZRb2oWPsTgkwlp"
        + "JiGzdgcJjmjsmCW4CINTdR0izViIbGGIZriNr2sV2FbKzYZB8ejnHjZfG3pSjGWSYolIirokmrosqglgn4fOxWFbbWxBo6MQ6zvn1leiUuuNZnlDSWKlKs+TRGyE58miPuUY7ti14qc1NcXyRW1Dw7Kb6vZDEtEvkljafLFiWag2ttpEbwm2"
        + "dcWsb0JRn8b8esOELVGfEVVTn2X9tc9tmNitqKaKvd3a1Azb35DbbqI7vzRVU1pQ78ovxHfZuYvIQ63crNS1y3Z9uPP4YnHp7DyXxwMWrtVqtozufDLMVr1ssnYGyAk24DbERxcJ271zgbu/BCcOn9P3fppH1abt/3XW/wryH4e9gsOuoQw0"
        + "cOBRWKbEnGqUcObiiJcyVnrNiIZhp9osRs2JRle6zOOFR90LKGekJDEkuZdQ6kgyWZoSjYS17zNkjzWBnzNiJ+nnhn7rGQS7RO4hdA9NoifZmt1TmBjxW7T4cdCpRXssHJl40sFMD4LpfXT4vBfW7BOns4vAxLKnPXQvTFBMnwszRnn4lMg+"
        + "gtbSILpHiBzdWICsC8CobVWr6I6adM7b4ldgtaGaENCwIK41oQUDgY+jFmt8ADgwMEp3im1c3RE2evXH2pDf6/4OCTT+giDQPOU/Dx+2/5Hp/Aj9T07MHbEP8/flUiadXVSSSi51Pu11j9n11elzLE7icCcYnLv+vPHy4fBSL/zU4fAyjx9i"
        + "/F7KZLPuWmbvVeDcrwsOPsr4b+O97hFvPV77kI+wj6RnHGz8mOu+6caxc8YGenT61wB37ia8DFsIt0ZxUXaeoOfaUeA5p1htXXLaOjenzB+kdxOaqqM3wOjNJdz4u73wFXsCc/tVbTRVc3YadOYuD/sS71e0y6/ObCJRlw70RzqmPxLvD1+f"
        + "2BtwsD8y789olz/2dCUx89z8QfqO54/c+3zWr5jQmJKZfA2ROsnlV58pHFAfQebvhILH3yE+6nFv743z77hpYpr0W5pPPvnkk08+/Wep/cLvP7w3EpAiC98Hq7Ff1uaiC8Eb96d/fdyIX7tWAKOnPw2Edm7/dnu/9dgjPPLVP2sXBPBF+wHw"
        + "3ZcjoPpzGOx8OxMHE28/v3EdLMTLb8SEq8WVhy+w/4DafeezO0+sIJk/4oh/4+atsyu80lc+vHPmQfDWNy+N4/VPfny/D+R/evdlrPC+uVsnvvoLqM8MqI8dAAA=");

    public static byte[] Blosc { get; } = Unpacked(
        "H4sIAAAAAAACA+1YT2/jRBS3nTYNbsom265a2FXpYReqlYhip3/CiWRpQiNlkyrJBpCQXDdx2lDHtmK36lZCcOAAdw58hJU4cuG4N+Ab9IR641IhjhyQwsx4Jp5xnCjZckDg10bTmXm/9+a9eW/eS7/Z3ysuiW+KHKRYjJvjEhxNA0yfrrNz"
        + "sn+IRx6PX+PxhUDWo2hvDa8nsPyNiDu/xuuNWqEAuQc+InpeRt0xxoX0f6T9Qv4Ajh8P48ilnwWWzzoxHToe92+pN4k1+eM6zm0M4xtmTaPUKIMA5pYTrm4B/UK+TYovxn1QztfrmG+eOueHteqzA4Y/hn6ahVq9VK0g/gjFL6XS+BxZzL+G"
        + "+A8+aeSflAt1pVitPc03lHF4OSVhXDIwP2M40Q7npsvPq6UwP8P8HM3PkyjL56hHuvYP5me9Ut3jUbZgmmPr0Sae70fDO5rmnfP769/3zsURv6UabdVWnOeWhtYhbpHCdfpqT1NItEF8GuPv0PhzrW93TcPFRyl8OiVtp2Ra7yLCIYmeWoRL"
        + "UDjVsjQgGTKhI8RxhBN812hrF0rL1G2MB5836HjVrbS4WUqLTcQpWpLoWLKopjhyHxbjh3NVP9NsTyCU98Qvr4m5jnSzdaqkoVCVXZNEqIRdk0UrM1Ts6XX9Z5iG4tqiXmi2qzc/aockgj8ksdn7rO1q6OhnF0huU7uwFKfb00RrC653dUfr"
        + "i9a2qDrWDm0vubclpLetOiq09qxn2MTeqF9vajS+DNVQ+po1El9g3afnNcSvGS2z3TWOSX744/hZo/hulonjBRfX75t9ezSebKffbTm0ngV0g7p2rsGrS8RI7cwx7xc/9MOPeD6P46hjEvu/pe1vA/uh29vQ7QaIQBs6HrglI1ZUuwkjF3q8"
        + "WXLDa1u0bRJqOxC1K9oj4ZKFG+/5N0DMSGmkSPJvgdCRZLSVEe2Ue+51dMZD3vc94A7+3jDvjhHuJeJ7G7xDD8GIjkZqCuUj9oju+mPOy0XSFiY33h9itha5rQG4fNYKt/d5jHsXnvLlWH3gXdjAmDkfZhmvwVtC54i4W4vg3hEfZuQ/j6G3"
        + "Egi0W/i88ANt/mPgxVoMd2YRQXix4kIfLLhsiO7iE0LeL3/gT8fVxZN4WONehXjsfx5fXMT3vXjauoe68hnqnpzanbH+su9ksVQo7ylppZJ/Wgh6v0heefWNxkkM7nUK58+7YLw8HV4ah89Mh5dZfJyyu1gql/05TL+n3PBdzQ3xK5T9BB/0"
        + "fgTLCTqHPMM50oF+IPhl3zsziqP7i1MweHVrgbl3RzvW+gB3gHErdB+B79UTENifuOVcGpZzpj/JTpLb0xx1KFeg5FZSfvy9IHybdF5+uzq6qTo7W5zXbwXol1i7Vkbs8noSCZs00R7plvZIrD1sfkJruMn2yKw9d0fsIV2VRPVx2UnybmeP"
        + "PP5+jp47mp2RqXiNojyp1Kof1SfkR4T6/yAf8P+Hr/jgd/vqATuHRZPjqMIZUkghhRRSSCH950jgkw/h92j4gT0C7PV0HtZ/HrQ114NXpTjHZzpksjZY+/W3QLbD+3wk+heerJpCrVYjjKv3hZubG2qWy+W82Qwn+4UXHv35DpmtDsTv+dwX"
        + "1NGuhfX1t34n27uz23zDC5eXl56C5E+C4zjeWfkO5YnvroTj/jFRd28X+PpvfvtCflweAAA=");

    public static byte[] Plain { get; } = Unpacked(
        "H4sIAAAAAAACA+v0cHHj5ZLiYgABDg4GFgYBBmTwHwqeaKLyYfIJUJoRSndA6RVMMHFGsJwEVFwQaj66upAgV1eQ6v9oAGaPAQuE5mAYBSMReLg6BoDoCFh6gNInmFDV5WalgOm0nNIKEJ1aURBfkpmbCpNPy8wpSS1CpFcNAvYyMrBB1DLC"
        + "+JCUzMgIEWCGqkPQEmClggr20LTqwGDCzWDyH6qAFSgKkmdihpjIzWABZjBC/cEElmdkKM4oTUvLSYWnd0aoeEpqWk5iSSoDNDsARSHuYWZiqmCFGYGSTTyoGg/Bfv4ujEDbYflZVxy/elj4tijgVwcrdc7z4lcH85gC89BOz6DyjhEYVejl"
        + "nTAO9Sug4SLCgIhkZLAbLdyYGEbLy1EwCkbBKBgFo2Cog4q4ZIO0BodnCxaY58vIMIjkM5+piPNO9mB2NmtTaDPn4eNhkBZhlh1CzdX7fHRoruJqZvHjUM8Pbc7y42hmyYmPNrNGwSgYBaNgFIyCYdjMSnBguCrP95WBpZvxLoRbysYObFXp"
        + "MGSQ3roSACsV4GCAt65o3KqylcDaqgqgSWjhal3x4FCfqwChuXG0rioVRltXo2AUjIJRMApGwfBrXU2enOzAyMC8icEWyE53YAVV8QqkN6sgzSdhIMFCRnOKhfjm1BRFREuEBeGRCJoGE65mlQAO9UegazMEcDSrrmhib1axjKbIUTAKRsEo"
        + "GAWjYAg3q1av0tL09PbWZ2IQMGFuAvKTNBI9kj3SgW2Zb4x7AK8Pr9/kKQAA");

    private static byte[] Unpacked(string packed)
    {
        using var stream = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
